import type { Transition } from '../../local/world/log.ts';
import { type Tier, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { hostsOf } from '../../shared/model/subject.ts';
import { allowedOn, holds, type Invariant, mayUndo, ours } from './ended.ts';

/** A change of an operation, which may take three minutes, arrives later than the guarded call that began it. */
const OPERATION_MS = 200_000;
/** A check may be two seconds old when a call is sent, and a call takes a while to arrive. */
const CALL_MS = 4_000;

/** The lowest tier whose playbook makes this change to a host. */
const hostTier = (t: Transition): Tier | undefined => {
  if (t.object.startsWith('Node ')) return 'quarantine';
  if (!t.object.startsWith('instances ')) return undefined;
  if (t.verb === 'delete') return 'delete-host';
  return Object.keys(t.change).some((path) => path.startsWith('tags') || path.startsWith('networkInterfaces'))
    ? 'isolate'
    : 'quarantine';
};

/** 4: no host is changed above the highest tier that an acting goal of an incident on it ever allowed for it. */
const tier: Invariant = ({ stage, incidents }) =>
  ours(stage).flatMap((t) => {
    const needed = hostTier(t);
    if (needed === undefined) return [];
    const allowed = incidents.map((i) => allowedOn(stage, i, t.uid));
    return allowed.some((one) => one !== undefined && tierRank(one) >= tierRank(needed))
      ? []
      : [`4: ${t.object} was changed above the tier of every goal on it`];
  });

/** Shorter than the budget's hour, because a reserved change may be carried out ten minutes later, or a little more. */
const BUDGET_MS = 45 * 60_000;

/** The Nodes of the hosts of an incident, as the log of the world names them. */
const nodesOf = (i: Incident): Set<string> => new Set(i.subjects.flatMap(hostsOf).map(({ node }) => `Node ${node}`));

/** Whether a change takes a node out of service. */
const takes = (t: Transition): boolean =>
  t.object.startsWith('Node ') &&
  Object.entries(t.change).some(([path, { to }]) => path.endsWith('unschedulable') && to === true);

/**
 * 4: no more nodes are taken out of service within 45 minutes than the budget allows, except for incidents with a
 * lifted budget: what such an incident holds costs the next one nothing, also where its Node was registered anew.
 */
const budget: Invariant = ({ stage, incidents }) => {
  const { lifted } = stage.seen;
  const isLifted = (t: Transition): boolean =>
    incidents.some((i) => nodesOf(i).has(t.object) && Number(lifted.get(i.id)?.at) <= t.at);
  const taken = ours(stage).filter((t) => takes(t) && !isLifted(t));
  const { nodes, percent } = stage.policy.budgets;
  const size = stage.cluster.list('v1', 'Node').length;
  const most = Math.min(nodes, Math.max(1, Math.floor((size * percent) / 100)));
  return taken.flatMap((t) => {
    const within = taken.filter((other) => other.at <= t.at && other.at > t.at - BUDGET_MS);
    // By name: a VM whose Node somebody deleted registers as another Node of its name, and is one node to the budget.
    const names = new Set(within.map((other) => other.object));
    return names.size > most
      ? [`4: ${names.size} nodes were taken out of service within 45 minutes, of at most ${most}`]
      : [];
  });
};

/** The top controller of a pod, or the pod itself, as the incidents that hold it know it. */
const workloadOf = (incidents: readonly Incident[], uid: string): { uid: string; namespace: string } | undefined => {
  const pods = incidents.flatMap((i) => i.subjects.filter((s) => s.kind === 'pod')).filter((s) => s.uid === uid);
  const [known] = pods.toSorted((a, b) => b.owners.length - a.owners.length);
  return known && { uid: known.owners.at(-1)?.uid ?? uid, namespace: known.namespace };
};

/** 4: the same for the workloads of a namespace whose pods are put into quarantine. */
const workloads: Invariant = ({ stage, incidents }) => {
  const { lifted } = stage.seen;
  const taken = ours(stage)
    .filter((t) => t.change['metadata.labels.quarantine']?.to === 'true')
    .flatMap((t) => {
      const isLifted = incidents.some((i) => holds(i, t.uid) && Number(lifted.get(i.id)?.at) <= t.at);
      const of = isLifted ? undefined : workloadOf(incidents, t.uid);
      return of === undefined ? [] : [{ at: t.at, ...of }];
    });
  return taken.flatMap((t) => {
    const within = taken.filter((o) => o.namespace === t.namespace && o.at <= t.at && o.at > t.at - BUDGET_MS);
    const count = new Set(within.map(({ uid }) => uid)).size;
    return count > stage.policy.budgets.workloads
      ? [`4: ${count} workloads of ${t.namespace} were put into quarantine within 45 minutes`]
      : [];
  });
};

/**
 * 4: nothing changes under a halt, except by calls sent before it and by releases that were requested after the halt.
 */
const halt: Invariant = ({ stage, incidents }) =>
  ours(stage).flatMap((t) =>
    stage.seen.halts.flatMap(({ from, to, at }) => {
      const slack = t.api === 'compute' ? OPERATION_MS : CALL_MS;
      if (t.at <= from + slack || t.at >= to) return [];
      const released = incidents.some(
        (i) =>
          mayUndo(i, t) &&
          [...(stage.seen.goals.get(i.id)?.values() ?? [])].some((g) => g.tier === 'released' && g.at > at),
      );
      return released ? [] : [`4: ${t.object} was changed ${t.at - from} ms into a halt`];
    }),
  );

/** 4: only a resume that was requested after a halt lifts it. */
const lifted: Invariant = ({ stage }) =>
  stage.seen.halts.flatMap(({ at, liftedAt }) =>
    liftedAt !== undefined && liftedAt <= at
      ? [`4: a halt requested at ${at} was lifted by a resume requested at ${liftedAt}`]
      : [],
  );

/** 6: a run that always reaches the store gives up its lease when it ends, so that nobody waits until it expires. */
const leases: Invariant = ({ stage }) =>
  stage.seen.leased.map((what) => `6: a run ended and kept its lease on ${what}`);

/** Limits that must not be exceeded: tiers, budgets, halts, leases. */
export const LIMITS: readonly Invariant[] = [tier, budget, workloads, halt, lifted, leases];
