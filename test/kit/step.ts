import type { Transition } from '../../local/world/log.ts';
import { SHOP_NETWORK } from '../../local/world/seed.ts';
import { boundOf } from '../../shared/containment/bound.ts';
import type { BoundStep } from '../../shared/containment/bound-step.ts';
import { contextOf, type Hold, placeOf } from '../../shared/containment/context.ts';
import { holdHost } from '../../shared/containment/hosts.ts';
import { entryFor, type Ledger, openLedger, withEntry } from '../../shared/containment/ledger.ts';
import { run } from '../../shared/containment/run.ts';
import { settle } from '../../shared/containment/settle.ts';
import type { Step, Undone, Verified } from '../../shared/containment/step.ts';
import { isKeptWithPods, subjectsOf } from '../../shared/decision/step-subjects.ts';
import type { Goal } from '../../shared/model/decision.ts';
import { type Entry, isSettled } from '../../shared/model/entry.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { msOf } from '../../shared/model/time.ts';
import { type Bench, CONTAIN, incidentOf, type Kit, setGoal } from './containment.ts';
import { recordedClusters } from './recorded-clusters.ts';

/** The incident on which single steps are tried. */
export const STEP_INCIDENT = 'i-1';

/**
 * Adds a policy to the shop's network that allows all ingress, before or after the VPC rules as the network's own
 * setting says.
 */
export const addNetworkPolicy = (kit: Kit, order: 'AFTER' | 'BEFORE' = 'AFTER'): void => {
  const match = { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'all' }] };
  const kind = 'compute#firewallPolicyRule';
  const rules = [{ kind, priority: 5, action: 'allow', direction: 'INGRESS', match }] as const;
  kit.world.compute.addPolicy({ type: 'NETWORK', name: 'net', rules: [...rules] }, SHOP_NETWORK);
  const network = kit.world.compute.state.networks.get(SHOP_NETWORK);
  if (network === undefined) throw new Error('the shop has no network');
  network.networkFirewallPolicyEnforcementOrder = `${order}_CLASSIC_FIREWALL`;
};

export type Part = 'objects' | 'logs';

const withGoal = (incident: Incident): incident is Incident & { goal: Goal } => incident.goal !== null;

const ledgerOf = async (kit: Bench): Promise<Ledger> => {
  const ledger = await openLedger(kit.ports, STEP_INCIDENT, 'contain-1', kit.clock.random(), withGoal);
  if (ledger === undefined) throw new Error('the incident of the step is held by another run');
  return ledger;
};

const boundsOf = (kit: Bench, incident: Incident, step: Step, part?: Part): BoundStep[] =>
  subjectsOf(incident, step.scope, part).flatMap((subject) => {
    if (isKeptWithPods(subject)) return [];
    const item = { step: step.id, subject: subject.subject, uid: subject.uid };
    const bound = boundOf(kit.ports.stepOf, incident, item);
    return bound === undefined ? [] : [bound];
  });

const holdOf = (ledger: Ledger): Hold => {
  const { goal } = ledger.seen();
  if (goal === null) throw new Error('the incident of the step has no goal');
  return { token: ledger.token, goalRev: goal.rev, dry: false, gated: false };
};

/** The stored entry with its before-image, from the incident's journal or from the host's. */
const storedEntry = async (kit: Bench, bound: BoundStep): Promise<Entry | undefined> => {
  const item = { step: bound.step.id, subject: bound.subject.subject, uid: bound.subject.uid };
  const place = placeOf(bound);
  const journal =
    place === undefined
      ? (await incidentOf(kit, STEP_INCIDENT)).journal
      : ((await kit.ports.stores.hosts.get(place.id))?.journal ?? []);
  return entryFor(journal, item);
};

/** Restores an entry in its journal to an earlier state, as if the last write had been lost. */
export const rewind = async (kit: Bench, bound: BoundStep, entry: Entry): Promise<void> => {
  const { hosts, incidents } = kit.ports.stores;
  const place = placeOf(bound);
  const host = place === undefined ? undefined : await hosts.get(place.id);
  if (host !== undefined) await hosts.put(host.id, { ...host, journal: withEntry(host.journal, entry) }, host.rev);
  const incident = await incidentOf(kit, STEP_INCIDENT);
  const { before: _, ...mirror } = entry;
  const mine = host === undefined ? entry : { ...mirror, host: host.id };
  await incidents.put(incident.id, { ...incident, journal: withEntry(incident.journal, mine) }, incident.rev);
};

/** The result for one subject; `open` is the entry as last stored before it was settled. */
export type Carried = { bound: BoundStep; entry: Entry; open: Entry };

const opened = ({ endedAt: _, because: __, ...rest }: Entry): Entry => ({ ...rest, state: 'applying', proof: null });

const carryOne = async (kit: Bench, ledger: Ledger, bound: BoundStep, most: number): Promise<Carried> => {
  let open: Entry | undefined;
  for (let tries = 0; tries < most; tries += 1) {
    const entry = await settle(kit.ports, ledger, bound, holdOf(ledger));
    await ledger.written();
    const stored = (await storedEntry(kit, bound)) ?? entry;
    if (isSettled(entry)) return { bound, entry, open: open ?? opened(stored) };
    open = stored;
    const wake = entry.wakeAt === undefined ? 1 : msOf(entry.wakeAt) - kit.clock.now();
    await kit.clock.sleep(Math.max(wake, 1));
  }
  const entry = (await storedEntry(kit, bound)) ?? open;
  if (entry === undefined) throw new Error(`${bound.step.id} left no entry`);
  return { bound, entry, open: entry };
};

/** Carries out one step on every subject of its scope, as a run would, with at most `most` attempts each. */
export const carry = async (kit: Bench, step: Step, part?: Part, most = 500): Promise<Carried[]> => {
  const work = async (): Promise<Carried[]> => {
    const ledger = await ledgerOf(kit);
    try {
      const carried: Carried[] = [];
      for (const bound of boundsOf(kit, ledger.seen(), step, part))
        carried.push(await carryOne(kit, ledger, bound, most));
      return carried;
    } finally {
      await ledger.close((i) => i);
    }
  };
  const done = await kit.clock.drive(work());
  if (!done.settled) throw new Error(`${step.id} waits for something that never comes`);
  return done.value;
};

/** Verifies once more whether a step holds. */
export const verifyAgain = async (kit: Bench, { bound }: Carried): Promise<Verified> => {
  const incident = await incidentOf(kit, STEP_INCIDENT);
  const entry = await storedEntry(kit, bound);
  if (entry === undefined) throw new Error(`${bound.step.id} has no entry`);
  const hold: Hold = { token: '', goalRev: incident.goal?.rev ?? 0, dry: false, gated: false };
  const context = contextOf(kit.ports, incident, bound.subject, hold, placeOf(bound), () => incident.journal);
  return bound.verify({ ...context, entry }, entry.before ?? {});
};

/** Undoes only this step, as a release would, and leaves the others in force. */
export const undoAlone = async (kit: Bench, { bound }: Carried): Promise<Undone> => {
  const work = async (): Promise<Undone> => {
    const ledger = await ledgerOf(kit);
    const place = placeOf(bound);
    try {
      for (;;) {
        if (place !== undefined) await holdHost(kit.ports, place, STEP_INCIDENT, ledger.token);
        const entry = await storedEntry(kit, bound);
        if (entry?.before === undefined) return { outcome: 'not-undoable', because: 'there is no before-image' };
        const journal = (): Entry[] => ledger.seen().journal;
        const context = contextOf(kit.ports, ledger.seen(), bound.subject, holdOf(ledger), place, journal);
        const undone = await bound.undo({ ...context, entry }, entry.before);
        if (undone.outcome !== 'pending') return undone;
        await rewind(kit, bound, {
          ...entry,
          ...(undone.operation === undefined ? {} : { operation: undone.operation }),
        });
        await kit.clock.sleep(undone.wakeMs);
        await ledger.write((i) => i);
      }
    } finally {
      await ledger.close((i) => i);
    }
  };
  const done = await kit.clock.drive(work());
  if (!done.settled) throw new Error(`undoing ${bound.step.id} waits for something that never comes`);
  return done.value;
};

/** Releases the incident and resolves with the resulting entries of a step. */
export const releaseStep = async (kit: Bench, step: Step): Promise<Entry[]> => {
  await setGoal(kit, STEP_INCIDENT, 'released');
  for (let deliveries = 0; deliveries < 20; deliveries += 1) {
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    const incident = await incidentOf(kit, STEP_INCIDENT);
    if (incident.goal?.rev === incident.run.rev) return incident.journal.filter((e) => e.step === step.id);
    await kit.clock.advance(60_000);
  }
  throw new Error(`${step.id} is not released after 20 deliveries`);
};

/** Fields that an API server changes by itself with every write. */
const WORKED = /resourceVersion|managedFields|fingerprint|generation$/;

/**
 * All plain values inside a value, by path, so that an object which is created or deleted as a whole is compared by its
 * fields.
 */
const leaves = (value: unknown, path: string): Array<[string, unknown]> =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
    : value === undefined
      ? []
      : [[path, value]];

type Net = { path: string; first: unknown; last: unknown };

/**
 * What remains of contain's own changes: each field that does not have the value from before contain's first change.
 */
export const leftOvers = (kit: Pick<Kit, 'world'>): string[] => {
  const net = new Map<string, Net>();
  for (const { object, uid, change } of kit.world.log.by(CONTAIN))
    for (const [place, { from, to }] of Object.entries(change)) {
      const [was, is] = [new Map(leaves(from, place)), new Map(leaves(to, place))];
      for (const path of new Set([...was.keys(), ...is.keys()])) {
        const key = `${uid} ${path}`;
        const first = net.has(key) ? net.get(key)?.first : was.get(path);
        net.set(key, { path: `${object} ${path}`, first, last: is.get(path) });
      }
    }
  return [...net.values()]
    .filter(({ path, first, last }) => !WORKED.test(path) && first !== last)
    .map(({ path, first, last }) => `${path}: ${String(first)} -> ${String(last)}`);
};

/** What a release leaves: evidence, evicted pods, the VM outside of its group, and rules for VMs with our tag alone. */
const STAYS =
  /^(snapshots \S+ presence|Pod \S+ metadata\.deletion|Node \S+ metadata\.labels\.firebreak\.dev\/leave-group|firewalls firebreak-\S+-deny-\S+ presence)/;

/** What remains of contain's own changes and that a release of up to `isolate` must have given back. */
export const notGivenBack = (kit: Pick<Kit, 'world'>): string[] => leftOvers(kit).filter((line) => !STAYS.test(line));

/** Fields that a stranger changed and that contain changed again after that. */
export const overwritten = (kit: Kit, since: number): string[] => {
  const later = kit.world.log.entries().slice(since);
  const theirs = later.filter((t) => t.actor === STRANGER);
  const paths = (t: Transition) => Object.keys(t.change).filter((path) => !WORKED.test(path));
  return theirs.flatMap((their) =>
    later
      .slice(later.indexOf(their))
      .filter((t) => t.actor === CONTAIN && t.uid === their.uid)
      .flatMap((t) => paths(t).filter((path) => paths(their).includes(path)))
      .map((path) => `${their.object} ${path}`),
  );
};

/** The actor of changes by others in these tests. */
export const STRANGER = 'stranger';

export type Recorded = { kit: Kit; used(): string[] };

/** A kit that records the permissions needed by its calls: `group/resource verb`, or an IAM permission. */
export const recording = (kit: Kit): Recorded => {
  const used = new Set<string>();
  const { clusters, evidence } = kit.ports;
  kit.world.compute.state.calls.length = 0;
  return {
    kit: {
      ...kit,
      ports: {
        ...kit.ports,
        clusters: recordedClusters(clusters, used),
        evidence: {
          ...evidence,
          put: async (key, body) => {
            used.add('storage.objects.create');
            return evidence.put(key, body);
          },
          get: async (key) => {
            used.add('storage.objects.get');
            return evidence.get(key);
          },
        },
      },
    },
    used: () => [
      ...used,
      ...kit.world.compute.state.calls.filter((c) => c.actor === CONTAIN).flatMap((c) => c.permissions),
    ],
  };
};
