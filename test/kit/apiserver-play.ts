import { controlledBy, type Fields, fieldsAt, listAt, numberAt, textAt } from '../../local/world/kubernetes/objects.ts';
import { matchesSelector } from '../../local/world/kubernetes/selectors.ts';
import { reachesOut } from '../../local/world/machines.ts';
import type { World } from '../../local/world/world.ts';
import { Conflict } from '../../shared/errors.ts';
import type { KubeObject, ObjectRef } from '../../shared/kubernetes/object.ts';
import type { ClusterReader, ClusterWriter } from '../../shared/ports.ts';

/** The behaviour of a container image: the phase in which its pod ends, and its log. */
export type Played = { image: RegExp; phase: 'Succeeded' | 'Failed'; log: string };

type Stage = {
  reader: ClusterReader;
  writer: ClusterWriter;
  world: World;
  /** The simulated namespaces and nodes; the server may have others. */
  spaces: readonly string[];
  nodes: readonly string[];
  /** Whether an object in these namespaces belongs to this play. */
  isOurs(object: KubeObject): boolean;
  logs: Map<string, string>;
  programs: readonly Played[];
};

const refOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef => ({
  apiVersion,
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
});
const isActive = (pod: KubeObject): boolean =>
  pod.metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(String(pod.status?.phase));
const isReady = (object: KubeObject): boolean =>
  listAt(object.status, 'conditions').some((c) => c.type === 'Ready' && c.status === 'True');
const isOwnedBy = (pod: KubeObject, owner: KubeObject): boolean =>
  pod.metadata.ownerReferences?.some((o) => o.uid === owner.metadata.uid) === true;
const selects = (selector: unknown, pod: KubeObject): boolean => matchesSelector(selector, pod.metadata.labels ?? {});

/** Ignores a Conflict: another writer was faster, and the controller looks again at its next turn. */
const orLater = async (change: Promise<unknown>): Promise<void> => {
  await change.catch((thrown: unknown) => {
    if (!(thrown instanceof Conflict)) throw thrown;
  });
};

const statusOf = ({ writer }: Stage, object: KubeObject, status: Fields): Promise<void> =>
  orLater(writer.patch(refOf(object), { type: 'merge', body: { status } }, 'status'));

/**
 * Plays the kubelets of nodes whose VM reaches out: ends pods marked for deletion and starts pods bound to the node.
 */
const kubelets = async (stage: Stage, pods: readonly KubeObject[], reached: ReadonlySet<string>): Promise<void> => {
  for (const pod of pods.filter((one) => reached.has(String(one.spec?.nodeName)))) {
    const { uid, deletionTimestamp, finalizers } = pod.metadata;
    const held = Array.isArray(finalizers) && finalizers.length > 0;
    if (deletionTimestamp !== undefined) {
      if (!held) await orLater(stage.writer.delete(refOf(pod), { uid, graceSeconds: 0 }));
    } else if (pod.status?.phase === 'Pending' || pod.status?.phase === undefined) {
      const [first] = listAt(pod.spec, 'containers');
      const program = stage.programs.find(({ image }) => image.test(String(first?.image)));
      if (program !== undefined)
        stage.logs.set(`${pod.metadata.namespace}/${pod.metadata.name}/${String(first?.name)}`, program.log);
      const conditions = [{ type: 'Ready', status: program === undefined ? 'True' : 'False' }];
      await statusOf(stage, pod, { phase: program?.phase ?? 'Running', conditions });
    }
    const attached = listAt(pod.spec, 'ephemeralContainers').map((c) => String(c.name));
    if (attached.length > listAt(pod.status, 'ephemeralContainerStatuses').length)
      await statusOf(stage, pod, {
        ephemeralContainerStatuses: attached.map((name) => ({
          name,
          image: 'x',
          imageID: 'x',
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: pod.metadata.creationTimestamp } },
        })),
      });
  }
};

const replace = async (stage: Stage, set: KubeObject, node: string, n: number): Promise<void> => {
  const template = fieldsAt(set.spec, 'template');
  const name = `${set.metadata.name}-${set.metadata.resourceVersion}-${n}`;
  const namespace = set.metadata.namespace ?? '';
  await orLater(
    stage.writer.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...fieldsAt(template, 'metadata'), name, namespace, ownerReferences: [controlledBy(set)] },
      spec: { ...fieldsAt(template, 'spec'), nodeName: node },
    }),
  );
};

/**
 * Plays ReplicaSets: releases pods that they no longer select, adopts pods that they do select, and keeps their number.
 */
const replicaSets = async (
  stage: Stage,
  sets: readonly KubeObject[],
  pods: readonly KubeObject[],
  free: readonly string[],
) => {
  for (const set of sets) {
    const near = pods.filter((pod) => pod.metadata.namespace === set.metadata.namespace && isActive(pod));
    const { uid } = set.metadata;
    for (const pod of near.filter((one) => isOwnedBy(one, set) && !selects(set.spec?.selector, one))) {
      const body = { metadata: { uid: pod.metadata.uid, ownerReferences: [{ $patch: 'delete', uid }] } };
      await orLater(stage.writer.patch(refOf(pod), { type: 'strategic', body }));
    }
    const orphans = near.filter(
      (pod) => pod.metadata.ownerReferences === undefined && selects(set.spec?.selector, pod),
    );
    for (const pod of orphans) {
      const body = { metadata: { uid: pod.metadata.uid, ownerReferences: [controlledBy(set)] } };
      await orLater(stage.writer.patch(refOf(pod), { type: 'strategic', body }));
    }
    const own = [...near.filter((pod) => isOwnedBy(pod, set) && selects(set.spec?.selector, pod)), ...orphans];
    const wanted = numberAt(set.spec, 'replicas') ?? 1;
    for (let n = own.length; n < wanted; n += 1) await replace(stage, set, free[n % free.length] ?? '', n);
    for (const pod of own.slice(wanted)) await orLater(stage.writer.delete(refOf(pod), { uid: pod.metadata.uid }));
  }
};

/** Updates how many of its pods each disruption budget allows to go at the moment. */
const budgets = async (stage: Stage, all: readonly KubeObject[], pods: readonly KubeObject[]): Promise<void> => {
  for (const budget of all) {
    const own = pods.filter(
      (pod) =>
        pod.metadata.namespace === budget.metadata.namespace && isActive(pod) && selects(budget.spec?.selector, pod),
    );
    const desired = numberAt(budget.spec, 'minAvailable') ?? 0;
    const healthy = own.filter(isReady).length;
    const status = {
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: own.length,
      disruptionsAllowed: Math.max(0, healthy - desired),
      observedGeneration: budget.metadata.generation,
      disruptedPods: null,
    };
    if (numberAt(budget.status, 'disruptionsAllowed') !== status.disruptionsAllowed)
      await statusOf(stage, budget, status);
  }
};

/**
 * Plays deployments, which scale their ReplicaSet, and the removal of objects whose owner was deleted in the
 * background.
 */
const owners = async (
  stage: Stage,
  deployments: readonly KubeObject[],
  sets: readonly KubeObject[],
  pods: readonly KubeObject[],
) => {
  for (const set of sets) {
    const owner = deployments.find((one) => isOwnedBy(set, one));
    const replicas = numberAt(owner?.spec, 'replicas');
    if (owner !== undefined && replicas !== numberAt(set.spec, 'replicas'))
      await orLater(stage.writer.patch(refOf(set), { type: 'merge', body: { spec: { replicas } } }));
  }
  for (const object of [...sets, ...pods]) {
    const [owner] = object.metadata.ownerReferences ?? [];
    if (owner === undefined || owner.kind === 'Node' || object.metadata.deletionTimestamp !== undefined) continue;
    const { apiVersion, kind, name, uid } = owner;
    const { namespace } = object.metadata;
    const found = await stage.reader.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    if (found?.metadata.uid !== uid) await orLater(stage.writer.delete(refOf(object), { uid: object.metadata.uid }));
  }
};

/** Plays one turn of a cluster's own controllers, leaving out those that no test waits for. */
export const playOnce = async (stage: Stage): Promise<void> => {
  const { reader, world } = stage;
  const list = async (apiVersion: string, kind: string): Promise<KubeObject[]> =>
    (await Promise.all(stage.spaces.map((namespace) => reader.list({ apiVersion, kind, namespace })))).flat();
  const vms = [...world.compute.state.instances.values()];
  const isReached = (node: KubeObject): boolean => {
    const vm = vms.find((one) => one.name === textAt(node.spec, 'providerID')?.split('/').at(-1));
    return vm !== undefined && reachesOut(world.compute.state, vm);
  };
  const nodes = (await reader.list({ apiVersion: 'v1', kind: 'Node' })).filter((n) =>
    stage.nodes.includes(n.metadata.name),
  );
  for (const node of nodes.filter((one) => isReady(one) && !isReached(one)))
    await statusOf(stage, node, { conditions: [{ type: 'Ready', status: 'Unknown' }] });
  const reached = new Set(nodes.filter(isReached).map((n) => n.metadata.name));
  const free = nodes.filter((n) => isReached(n) && n.spec?.unschedulable !== true).map((n) => n.metadata.name);
  const mine = async () =>
    (await list('v1', 'Pod')).filter(
      (pod) => pod.spec?.nodeName === undefined || stage.nodes.includes(String(pod.spec.nodeName)),
    );
  const ours = async (kind: string) => (await list('apps/v1', kind)).filter(stage.isOurs);
  await owners(stage, await ours('Deployment'), await ours('ReplicaSet'), await mine());
  await replicaSets(stage, await ours('ReplicaSet'), await mine(), free);
  await kubelets(stage, await mine(), reached);
  await budgets(stage, await list('policy/v1', 'PodDisruptionBudget'), await mine());
};
