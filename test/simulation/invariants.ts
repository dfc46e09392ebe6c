import type { Transition } from '../../local/world/log.ts';
import { DEFAULT_POLICY } from '../../shared/decision/policy.ts';
import { TIERS, type Tier, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { CONTAIN } from '../kit/containment.ts';
import type { Stage } from './stage.ts';

/** What an invariant holds against: the world's log, and at the end the documents. */
type Ended = { stage: Stage; incidents: Incident[] };
type Invariant = (ended: Ended) => string[];

/** Sizes go up and down with every node that leaves and comes; the service itself counts them. */
const COUNTED = ['targetSize'];
/** A change that takes the operation's time arrives later than the call that was guarded. */
const OPERATION_MS = 60_000;
const CALL_MS = 25_000;

const ours = (stage: Stage): readonly Transition[] => stage.world.log.by(CONTAIN);
const told = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** The changes, of those made by us, that set a field to what we had set it to last, a sentence each. */
export const repeated = (changes: readonly Transition[]): string[] => {
  const last = new Map<string, unknown>();
  return changes.flatMap((t) =>
    Object.entries(t.change).flatMap(([path, { to }]) => {
      if (COUNTED.includes(path)) return [];
      const key = `${t.uid} ${path}`;
      const again = last.has(key) && told(last.get(key)) === told(to);
      last.set(key, to);
      return again ? [`1: ${t.object} ${path} was set to ${told(to)} twice`] : [];
    }),
  );
};

/** 1: set at most once and undone at most once, in turns, whatever strangers did between. */
const once: Invariant = ({ stage }) => repeated(ours(stage));

/** 1: a group is never made smaller than the nodes that left it by us; nobody loses a node by a resize. */
const neverDown: Invariant = ({ stage }) =>
  ours(stage).flatMap((t) =>
    t.verb === 'resize' && Number(t.change.targetSize?.to) < Number(t.change.targetSize?.from)
      ? [`1: ${t.object} was resized down`]
      : [],
  );

const hostIds = (i: Incident): string[] =>
  i.subjects.flatMap((s) => (s.kind === 'workload' || s.host === undefined ? [] : [s.host.id, s.host.nodeUid]));

/** 3: nothing is touched but pods, nodes and VMs that some incident holds by UID or instance id. */
const identity: Invariant = ({ stage, incidents }) => {
  const pods = new Set(incidents.flatMap((i) => i.subjects.map((s) => s.uid)));
  const hosts = new Set(incidents.flatMap(hostIds));
  return ours(stage).flatMap((t) => {
    if (t.object.startsWith('Node ')) return hosts.has(t.uid) ? [] : [`3: ${t.object} is no incident's node`];
    if (t.object.startsWith('instances '))
      return hosts.has(t.uid) ? [] : [`3: ${t.object} (${t.uid}) is no incident's VM`];
    if (t.object.startsWith('Pod ') && t.verb === 'patch')
      return pods.has(t.uid) ? [] : [`3: ${t.object} is no incident's pod`];
    return [];
  });
};

const highestGoal = (stage: Stage, id: string): Tier | undefined =>
  [...(stage.goals.get(id)?.values() ?? [])]
    .flatMap((goal) => TIERS.filter((tier) => tier === goal.tier))
    .reduce<Tier | undefined>(
      (best, tier) => (best === undefined || tierRank(tier) > tierRank(best) ? tier : best),
      undefined,
    );

/** The lowest tier whose playbook changes this of a host. */
const hostTier = (t: Transition): Tier | undefined => {
  if (t.object.startsWith('Node ')) return 'quarantine';
  if (!t.object.startsWith('instances ')) return undefined;
  return Object.keys(t.change).some((path) => path.startsWith('tags') || path.startsWith('networkInterfaces'))
    ? 'isolate'
    : 'quarantine';
};

/** 4: no host is changed above the highest tier that the goal of an incident on it has had. */
const tier: Invariant = ({ stage, incidents }) =>
  ours(stage).flatMap((t) => {
    const needed = hostTier(t);
    if (needed === undefined) return [];
    const allowed = incidents.filter((i) => hostIds(i).includes(t.uid)).map((i) => highestGoal(stage, i.id));
    return allowed.some((one) => one !== undefined && tierRank(one) >= tierRank(needed))
      ? []
      : [`4: ${t.object} was changed above every goal on it`];
  });

/** Shorter than the budget's hour: what was reserved may be carried out a good while later. */
const BUDGET_MS = 20 * 60_000;

/** A change that takes a node out of service. */
const takes = (t: Transition): boolean =>
  t.object.startsWith('Node ') &&
  Object.entries(t.change).some(([path, { to }]) => path.endsWith('unschedulable') && to === true);

/** 4: no more nodes are taken out of service at a time than the budget allows; nobody lifts it in these plays. */
const budget: Invariant = ({ stage }) => {
  const taken = ours(stage).filter(takes);
  const { nodes, percent } = DEFAULT_POLICY.budgets;
  const size = stage.cluster.list('v1', 'Node').length;
  const most = Math.min(nodes, Math.max(1, Math.floor((size * percent) / 100)));
  return taken.flatMap((t) => {
    const within = taken.filter((other) => other.at <= t.at && other.at > t.at - BUDGET_MS);
    const uids = new Set(within.map((other) => other.uid));
    return uids.size > most
      ? [`4: ${uids.size} nodes were taken out of service within 20 minutes, of at most ${most}`]
      : [];
  });
};

/** 4: nothing changes under a halt, but for what had been sent, and for a release asked for after it. */
const halt: Invariant = ({ stage }) =>
  ours(stage).flatMap((t) =>
    stage.halts.flatMap(({ from, to }) => {
      const slack = t.api === 'compute' ? OPERATION_MS : CALL_MS;
      if (t.at <= from + slack || t.at >= to) return [];
      const released = [...stage.goals.values()].some((goals) =>
        [...goals.values()].some((g) => g.tier === 'released' && Date.parse(g.at) > from),
      );
      return released ? [] : [`4: ${t.object} was changed ${t.at - from} ms into a halt`];
    }),
  );

/** 4: a halt is lifted only by a resume that was asked for after it. */
const lifted: Invariant = ({ stage }) =>
  stage.halts.flatMap(({ at, liftedAt }) =>
    liftedAt !== undefined && liftedAt <= at ? [`4: a halt of ${at} was lifted by a resume of ${liftedAt}`] : [],
  );

const UNFINISHED = ['applying', 'pending'];

/** 5: every goal is reached and nothing is left half done, but for what a halt that nobody lifted holds. */
const reached: Invariant = ({ stage, incidents }) => {
  const isHalted = stage.halts.at(-1)?.to === Number.POSITIVE_INFINITY;
  return incidents.flatMap((i) =>
    isHalted && i.held !== undefined
      ? []
      : [
          ...(i.goal !== null && i.goal.rev !== i.run.rev
            ? [`5: ${i.id} never reached its goal ${i.goal.tier} (${i.run.rev} of ${i.goal.rev})`]
            : []),
          ...i.journal
            .filter((e) => UNFINISHED.includes(e.state))
            .map((e) => `5: ${i.id} ${e.step} ${e.subject} is ${e.state} for ever`),
        ],
  );
};

const strangerTouched = (stage: Stage, uid: string): boolean =>
  stage.world.log.entries().some((t) => t.uid === uid && t.actor === 'stranger');

/** 5, 9: a node is cordoned and tagged exactly while an incident holds it so; after the last release all is as it was. */
const restored: Invariant = ({ stage, incidents }) => {
  const held = new Set(incidents.filter((i) => i.state !== 'released').flatMap(hostIds));
  const nodes = stage.cluster.list('v1', 'Node').flatMap((node) => {
    const left =
      node.spec?.unschedulable === true && !held.has(node.metadata.uid) && !strangerTouched(stage, node.metadata.uid);
    return left ? [`5: node ${node.metadata.name} is still cordoned and nobody holds it`] : [];
  });
  const machines = [...stage.world.compute.state.instances.values()].flatMap((vm) => {
    const tagged = vm.tags.items?.includes('firebreak-quarantine') === true;
    return tagged && !held.has(vm.id) ? [`5: VM ${vm.name} is still cut and nobody holds it`] : [];
  });
  return [...nodes, ...machines];
};

/** 9: what the journal of a standing incident says is applied and proven still holds where no stranger was. */
const stands: Invariant = ({ stage, incidents }) =>
  incidents
    .filter((i) => i.state === 'contained')
    .flatMap((i) =>
      i.journal
        .filter((e) => e.step === 'deny-node-network' && e.state === 'applied' && e.proof === 'proven')
        .flatMap((e) => {
          const vm = [...stage.world.compute.state.instances.values()].find((one) => one.id === e.uid);
          return vm === undefined || vm.tags.items?.includes('firebreak-quarantine') === true
            ? []
            : [`9: ${i.id} holds ${vm.name}, which is not cut any more`];
        }),
    );

/** 6: every message that was accepted ended, and none of the play's is a dead letter once all is calm. */
const accounted: Invariant = ({ stage }) => {
  const { published, acknowledged, malformed, dead } = stage.bus.counts();
  const open = stage.bus.outstanding();
  return [
    ...(open > 0 ? [`6: ${open} messages are still outstanding`] : []),
    ...(published === acknowledged + malformed + dead + open
      ? []
      : [`6: ${published} published, ${acknowledged} acknowledged, ${malformed} malformed, ${dead} dead`]),
    ...(malformed > 0 ? [`6: ${malformed} of our own messages were malformed`] : []),
  ];
};

export const INVARIANTS: readonly Invariant[] = [
  once,
  neverDown,
  identity,
  tier,
  budget,
  halt,
  lifted,
  reached,
  restored,
  stands,
  accounted,
];
