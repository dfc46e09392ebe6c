import type { Transition } from '../../local/world/log.ts';
import { suspectsOf } from '../../shared/decision/suspects.ts';
import type { Ask } from '../../shared/model/decision.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Incident, Lease } from '../../shared/model/incident.ts';
import { hostsOf, type Subject } from '../../shared/model/subject.ts';
import type { Stores } from '../../shared/ports.ts';
import { CONTAIN, type Kit } from '../kit/containment.ts';
import { noteAsk } from './watch-asks.ts';
import { unsafeDisks, watchDisks } from './watch-disks.ts';

type Goal = NonNullable<Incident['goal']>;

/**
 * A goal that was written. `before`: the goal that it replaced. `asked`: the ask that was open at that time.
 * `subjects`: the subjects that the incident held then, without bystanders. `request`: the id of the request that was
 * recorded with the goal. `asking`: the id of the request that had opened the ask. `follower`: the id of a later episode
 * that was there already.
 */
export type Word = {
  at: number;
  incident: string;
  goal: Goal;
  before: Goal | null;
  asked: Ask | undefined;
  subjects: Subject[];
  request: string | undefined;
  asking: string | undefined;
  follower: string | undefined;
};

/** What was observed in the documents and the world, independently of the processes that write them. */
export type Seen = {
  /** Every goal that an incident has had, by its revision. */
  goals: Map<string, Map<number, Goal>>;
  words: Word[];
  /** The incidents, as last written. */
  incidents: Map<string, Incident>;
  /** Runs that ended without trouble but left the lease on their incident, as `INCIDENT at TIME`. */
  leased: string[];
  /** Incidents whose run lost a host to another run, because a read lasted longer than the lease on the host. */
  outlasted: Set<string>;
  /** Requests that were published, by id. */
  requests: Map<string, Record<string, unknown>>;
  /** Incidents whose budgets were lifted: when, and whether there had been an ask for that. */
  lifted: Map<string, { at: number; asked: boolean }>;
  /** When each halt was committed and lifted, in ms. */
  halts: Array<{ from: number; to: number; at: string; liftedAt?: string }>;
  /** Policies deployed during the play: from when to when, in ms, and the most that each allows. */
  policies: Array<{ from: number; to: number; most: Tier; dry: boolean }>;
  /** Notices that the bus accepted, as `INCIDENT SEQ`. */
  told: Set<string>;
  /** The same of incidents, each with the notice of its number that was stored when it was published. */
  notices: Array<{ notice: unknown; stored: unknown }>;
  /** Asks that were opened, or whose plan changed. */
  asks: Array<{ incident: string; at: number; asked: Ask }>;
  /** Plans that operators rejected. */
  rejected: Array<{ incident: string; at: number; plan: string }>;
  /** Controllers that we deleted, with the disks that were not safe at that moment. */
  deletions: Array<{ transition: Transition; open: string[] }>;
  /** Disks that went with a VM that we deleted, and had no READY snapshot. */
  lostDisks: string[];
  /** When each incident first stood among the holders of a host, by `INCIDENT HOST`, in ms. */
  held: Map<string, number>;
};

const CONTROLLERS = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|ReplicationController) /;

/** How old the guard's last look at an incident may be when a change is sent, with the time that its reads take. */
const LOOK_MS = 3_000;

/** Whether an incident holds a pod of this controller, or the controller itself. */
const owns = (incident: Incident, uid: string): boolean =>
  incident.subjects.some((s) => (s.kind === 'pod' ? s.owners.some((o) => o.uid === uid) : s.uid === uid));

/** Whether a goal reaches delete-workload for anything. What is granted for one subject may be less than its tier. */
const deletesWorkload = ({ tier, covers = [], otherwise }: Goal): boolean =>
  [{ tier }, ...covers, ...(otherwise === undefined ? [] : [otherwise])].some((one) => one.tier === 'delete-workload');

/** Observes the stores and the world of a kit. Use the returned `stores` from then on. */
export const watch = (kit: Kit): { seen: Seen; stores: Stores } => {
  const seen: Seen = {
    goals: new Map(),
    words: [],
    incidents: new Map(),
    leased: [],
    outlasted: new Set(),
    requests: new Map(),
    lifted: new Map(),
    halts: [],
    policies: [],
    told: new Set(),
    notices: [],
    asks: [],
    rejected: [],
    deletions: [],
    lostDisks: [],
    held: new Map(),
  };
  const last = seen.incidents;
  const leases = new Map<string, Lease | undefined>();
  /** When each subject was first stored with its incident, by `INCIDENT UID`, in ms. */
  const joined = new Map<string, number>();
  /** The id of the request that opened an incident's ask, by incident. */
  const asking = new Map<string, string>();
  const { stores } = kit.ports;
  const { log } = kit.world;
  const record = log.record;

  const wanted = ({ id }: Incident): Goal[] => [...(seen.goals.get(id)?.values() ?? [])];

  const noteDisk = watchDisks(kit, (machine) => {
    const on = [...last.values()].filter((i) => i.subjects.some((s) => hostsOf(s).some(({ id }) => id === machine)));
    const isSkipped = on.some((i) => wanted(i).some(({ stopFirst, mode }) => stopFirst === true && mode === 'act'));
    return on.length > 0 && !isSkipped;
  });

  log.record = (transition) => {
    record(transition);
    seen.lostDisks.push(...noteDisk(transition));
    const { actor, verb, object, uid } = transition;
    if (actor !== CONTAIN || verb !== 'delete' || !CONTROLLERS.test(object)) return;
    if (seen.deletions.some((known) => known.transition.uid === uid)) return;
    const answers = [...last.values()]
      .filter((i) => owns(i, uid) && wanted(i).some(deletesWorkload))
      .map((i) =>
        wanted(i).some(({ stopFirst, mode }) => stopFirst === true && mode === 'act')
          ? []
          : unsafeDisks(kit, i, (s) => transition.at - (joined.get(`${i.id} ${s.uid}`) ?? 0) > LOOK_MS),
      );
    const [fewest = ['no incident that asks for it']] = answers.toSorted((a, b) => a.length - b.length);
    seen.deletions.push({ transition, open: fewest });
  };

  const noteGoal = (stored: Incident): void => {
    const before = last.get(stored.id);
    last.set(stored.id, stored);
    for (const { uid } of stored.subjects) {
      const key = `${stored.id} ${uid}`;
      if (!joined.has(key)) joined.set(key, kit.clock.now());
    }
    const { id, goal, lifted } = stored;
    const asked = before?.decision?.asked;
    noteAsk(seen, kit.clock.now(), before, stored);
    const carried = stored.requests?.at(-1)?.id;
    const request = carried === before?.requests?.at(-1)?.id ? undefined : carried;
    const askedFor = asked?.by === undefined ? undefined : asking.get(id);
    if (request !== undefined && seen.requests.get(request)?.action === 'contain') asking.set(id, request);
    if (lifted !== undefined && !seen.lifted.has(id))
      seen.lifted.set(id, { at: kit.clock.now(), asked: asked?.lifts === true });
    if (goal === null || goal.rev === before?.goal?.rev) return;
    const known = seen.goals.get(id) ?? new Map<number, Goal>();
    seen.goals.set(id, known.set(goal.rev, goal));
    seen.words.push({
      at: kit.clock.now(),
      incident: id,
      goal,
      before: before?.goal ?? null,
      asked,
      subjects: suspectsOf(stored),
      request,
      asking: askedFor,
      follower: [...last.values()].find((i) => i.key === stored.key && i.episode > stored.episode)?.id,
    });
  };

  return {
    seen,
    stores: {
      ...stores,
      incidents: {
        ...stores.incidents,
        put: async (id, doc, expected) => {
          const stored = await stores.incidents.put(id, doc, expected);
          noteGoal(stored);
          return stored;
        },
      },
      hosts: {
        ...stores.hosts,
        put: async (id, doc, expected) => {
          const before = leases.get(id);
          const stored = await stores.hosts.put(id, doc, expected);
          if (before !== undefined && stored.lease !== undefined && before.token !== stored.lease.token)
            seen.outlasted.add(before.owner);
          leases.set(id, stored.lease);
          for (const holder of stored.holders)
            if (!seen.held.has(`${holder} ${id}`)) seen.held.set(`${holder} ${id}`, kit.clock.now());
          return stored;
        },
      },
      halts: {
        ...stores.halts,
        put: async (id, doc, expected) => {
          const stored = await stores.halts.put(id, doc, expected);
          const now = kit.clock.now();
          const { halts } = seen;
          const current = halts.at(-1);
          if (stored.halted && current?.at !== stored.at)
            halts.push({ from: now, to: Number.POSITIVE_INFINITY, at: stored.at });
          else if (!stored.halted && current?.to === Number.POSITIVE_INFINITY)
            Object.assign(current, { to: now, liftedAt: stored.at });
          return stored;
        },
      },
    },
  };
};
