import type { Transition } from '../../local/world/log.ts';
import { QUARANTINE_POLICY } from '../../shared/containment/marks.ts';
import { QUARANTINE_TAG } from '../../shared/containment/quarantine-rules.ts';
import type { Entry } from '../../shared/model/entry.ts';
import { type Tier, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { msOf } from '../../shared/model/time.ts';
import { allowedOn, type Ended, heldIds, hostIds, type Invariant, nodesOf, ours, strangerTouched } from './ended.ts';
import type { Stage } from './stage.ts';

const POLICY = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };

/** Whether the world shows a change, and the objects and fields by whose change it may have been taken back. */
type Shown = { isThere: boolean; on: string[]; by: RegExp };

/**
 * Whether the world shows what an entry calls applied and proven; undefined for steps that are not looked at, and where
 * the object is gone.
 */
const shownBy = (stage: Stage, { step, uid, subject }: Entry): Shown | undefined => {
  const { cluster, world } = stage;
  if (step === 'deny-node-network') {
    const vm = [...world.compute.state.instances.values()].find((one) => one.id === uid);
    return vm && { isThere: vm.tags.items?.includes(QUARANTINE_TAG) === true, on: [vm.id], by: /^tags/ };
  }
  if (step === 'cordon-node') {
    const node = cluster.get({ apiVersion: 'v1', kind: 'Node', name: subject });
    const isSame = node?.metadata.annotations?.['container.googleapis.com/instance_id'] === uid;
    // Whoever deletes the Node takes the cordon back: its kubelet registers it again without one.
    const nodes = stage.world.log.entries().filter(({ object }) => object === `Node ${subject}`);
    return isSame
      ? { isThere: node.spec?.unschedulable === true, on: nodes.map((t) => t.uid), by: /^(spec\.unschedulable|$)/ }
      : undefined;
  }
  if (step === 'quarantine-pod') {
    const pod = cluster.list('v1', 'Pod').find(({ metadata }) => metadata.uid === uid);
    return pod && { isThere: pod.metadata.labels?.quarantine === 'true', on: [uid], by: /^metadata\.labels/ };
  }
  if (step === 'deny-pod-network') {
    const space = cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: subject });
    if (space?.metadata.uid !== uid || space.metadata.deletionTimestamp !== undefined) return undefined;
    const policy = { ...POLICY, namespace: subject, name: QUARANTINE_POLICY };
    const made = stage.world.log.entries().filter(({ object }) => object === `NetworkPolicy ${subject}/${policy.name}`);
    return { isThere: cluster.get(policy) !== undefined, on: made.map((t) => t.uid), by: /^/ };
  }
  return undefined;
};

/** When an incident was opened, or had its first goal: the clock that dated it may have been ahead. */
const openedAt = ({ seen }: Stage, { id, openedAt: at }: Incident): number =>
  Math.min(msOf(at), ...seen.words.filter(({ incident }) => incident === id).map((word) => word.at));

/** How far the clock that dated an entry may be ahead. */
const AHEAD_MS = 45_000;

/** Whether an incident that was closed in the middle of its release had let go of what another one held by then. */
const isLetGo = ({ state }: Incident, { because }: Entry): boolean =>
  state === 'closed' && because?.includes('kept: held by') === true;

/**
 * 9: what the journal of an incident that was not released calls applied and proven is still there, unless a stranger
 * took it back after the incident was opened, or the next episode took it over. What a closed incident took over itself
 * may have been taken back before.
 */
const stands: Invariant = ({ stage, incidents }) =>
  incidents
    .filter((i) => i.state !== 'released' && i.goal?.rev === i.run.rev)
    .flatMap((i) =>
      i.journal
        .filter((e) => e.state === 'applied' && e.proof === 'proven' && e.takenBy === undefined && !isLetGo(i, e))
        .flatMap((e) => {
          const shown = shownBy(stage, e);
          return shown === undefined ||
            shown.isThere ||
            shown.on.some((uid) =>
              strangerTouched(
                stage,
                uid,
                i.state === 'closed' ? msOf(e.startedAt) - AHEAD_MS : openedAt(stage, i),
                shown.by,
              ),
            )
            ? []
            : [`9: ${i.id} calls ${e.step} on ${e.subject} proven, but it is no longer in force`];
        }),
    );

const CONTROLLERS = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob) /;

/**
 * 3: beside pods, nodes and VMs (`identity`): only controllers that an incident holds are changed or deleted, only pods
 * deleted that an incident holds or that ran on a node that one holds, and only network policies, rules and pods of
 * ours.
 */
const owned: Invariant = (ended) => {
  const { stage, incidents } = ended;
  const uids = new Set(
    incidents.flatMap((i) =>
      i.subjects.flatMap((s) => [s.uid, ...(s.kind === 'pod' ? s.owners.map((o) => o.uid) : [])]),
    ),
  );
  const hosts = new Set(incidents.flatMap(hostIds));
  const nodes = nodesOf(stage);
  return ours(stage).flatMap((t) => {
    const { object, uid, verb } = t;
    const wrong = (why: string): string[] => [`3: ${object} was changed (${verb}), but ${why}`];
    if (CONTROLLERS.test(object)) return uids.has(uid) ? [] : wrong('no incident holds this controller');
    if (object.startsWith('Pod ') && !object.startsWith('Pod firebreak/') && verb === 'delete')
      return uids.has(uid) || (nodes.get(uid) ?? []).some((node) => hosts.has(node))
        ? []
        : wrong('no incident holds this pod or its node');
    if (object.startsWith('NetworkPolicy '))
      return object.endsWith(`/${QUARANTINE_POLICY}`) ? [] : wrong('it is not ours');
    if (object.startsWith('firewalls '))
      return object.startsWith('firewalls firebreak-') ? [] : wrong('it is not ours');
    return [];
  });
};

/** The lowest tier whose playbook makes this change to a pod, a controller or a namespace. */
const tierOf = ({ object, verb, change }: Transition): Tier | undefined => {
  if (object.startsWith('Pod firebreak/')) return undefined;
  if (object.startsWith('Pod ') && Object.keys(change).some((path) => path.startsWith('metadata.labels')))
    return 'quarantine';
  return CONTROLLERS.test(object) && verb !== 'delete' ? 'quarantine' : undefined;
};

/** 4: no pod or controller is changed above the highest tier that an acting goal of an incident ever allowed for it. */
const allowed: Invariant = ({ stage, incidents }) =>
  ours(stage).flatMap((t) => {
    const needed = tierOf(t);
    if (needed === undefined) return [];
    const tiers = incidents.map((i: Incident) => allowedOn(stage, i, t.uid));
    return tiers.some((one) => one !== undefined && tierRank(one) >= tierRank(needed))
      ? []
      : [`4: ${t.object} was changed above the tier of every goal on it`];
  });

/** 2: no disk is deleted with its VM before it is safe, unless an acting goal on the VM has stopFirst. */
const kept: Invariant = ({ stage }) =>
  stage.seen.lostDisks.map((disk) => `2: ${disk} was deleted with its VM, without a snapshot that is READY`);

/** How long after its release a pod must not be deleted because its node is still cut off. */
const RELEASED_MS = 10 * 60_000;

/**
 * 5: no pod is deleted for the cut of its node by the very release that takes the cut back. Where another incident
 * holds the node, its pod alone is released.
 */
const survives: Invariant = ({ stage, incidents }: Ended) => {
  // One that was closed while it was being released holds what it had not given back yet.
  const endOf = (i: Incident): number =>
    (i.state === 'closed'
      ? undefined
      : stage.seen.words.find((w) => w.incident === i.id && w.goal.tier === 'released')?.at) ??
    Number.POSITIVE_INFINITY;
  const evicted = stage.world.log
    .entries()
    .filter(({ actor, object }) => actor === 'taint-eviction-controller' && object.startsWith('Pod '));
  return evicted.flatMap((t) => {
    const on = incidents.flatMap((i) =>
      i.subjects.flatMap((s) =>
        s.kind === 'pod' && s.uid === t.uid && s.host !== undefined ? [{ i, host: s.host.id }] : [],
      ),
    );
    const isFreed = on.length > 0 && on.every(({ i }) => endOf(i) < t.at && endOf(i) > t.at - RELEASED_MS);
    const isHeld = incidents.some(
      (i) => on.every((one) => one.i !== i && hostIds(i).includes(one.host)) && endOf(i) > t.at - RELEASED_MS,
    );
    const isOurs = ours(stage).some((own) => own.uid === t.uid && own.at <= t.at && 'spec.tolerations' in own.change);
    return isFreed && !isHeld && isOurs && stage.rights.long !== true
      ? [
          `5: ${t.object} was deleted because its node was cut off, ${t.at - Math.max(...on.map(({ i }) => endOf(i)))} ms after its release`,
        ]
      : [];
  });
};

/** 3: whoever looks up a pod, controller or VM that an incident holds finds the incident. */
const found: Invariant = ({ incidents, recorded }) =>
  incidents.flatMap(({ id, subjects }) =>
    subjects
      .flatMap(heldIds)
      .flatMap((uid) =>
        recorded.get(uid)?.includes(id) === true ? [] : [`3: ${id} holds ${uid}, but is not recorded for it`],
      ),
  );

/** What incidents hold, and what nobody does. */
export const HELD: readonly Invariant[] = [found, stands, owned, allowed, kept, survives];
