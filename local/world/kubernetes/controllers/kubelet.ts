import { hash } from 'node:crypto';
import { type Context, isReady, podsOn, runtimeOf } from '../context.ts';
import { controlledBy, type Fields, listAt, type Obj, stampOf, textAt } from '../objects.ts';
import { labelsOf } from '../store.ts';

const ACTOR = 'kubelet';
const MIRROR = 'kubernetes.io/config.mirror';

const idOf = (pod: Obj, container: string): string =>
  `containerd://${hash('sha256', `${pod.metadata.uid}/${container}`)}`;

const addressOf = (pod: Obj): string => {
  const bytes = hash('sha256', pod.metadata.uid, 'buffer');
  return `10.8.${bytes[0]}.${bytes[1]}`;
};

const statusesOf = (context: Context, pod: Obj, list: string, startedAt: string): Fields[] =>
  listAt(pod.spec, list).map((container) => {
    const [name, image] = [String(container.name), String(container.image)];
    const pulled = !context.reality.unpullable.some((pattern) => pattern.test(image));
    const common = { name, image, restartCount: 0 };
    return pulled
      ? {
          ...common,
          ready: true,
          started: true,
          imageID: image,
          containerID: idOf(pod, name),
          state: { running: { startedAt } },
        }
      : {
          ...common,
          ready: false,
          started: false,
          imageID: '',
          state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } },
        };
  });

const conditionsOf = (pod: Obj, ready: boolean, at: string): Fields[] => {
  const wanted: Record<string, string> = {
    Initialized: 'True',
    Ready: ready ? 'True' : 'False',
    ContainersReady: ready ? 'True' : 'False',
  };
  const kept = listAt(pod.status, 'conditions').filter((c) => !(String(c.type) in wanted));
  const mine = Object.entries(wanted).map(([type, status]) => {
    const old = listAt(pod.status, 'conditions').find((c) => c.type === type);
    return old?.status === status ? old : { type, status, lastTransitionTime: at };
  });
  return [...kept, ...mine];
};

const end = (context: Context, pod: Obj, phase: string, log: string | undefined): void => {
  for (const container of listAt(pod.spec, 'containers')) {
    context.reality.logs.set(`${pod.metadata.namespace}/${pod.metadata.name}/${String(container.name)}`, log ?? '');
  }
  context.store.update(ACTOR, 'status', pod, (draft) => {
    draft.status = {
      ...draft.status,
      phase,
      startTime: stampOf(context.now()),
      conditions: conditionsOf(pod, false, stampOf(context.now())),
    };
  });
};

/**
 * Pods whose status is up to date, each with the node object at that time. Objects are never changed in place, so the
 * same node object means that nothing changed.
 */
const rested = new WeakMap<Obj, Obj>();

const start = (context: Context, node: Obj, pod: Obj): void => {
  const runtime = runtimeOf(context, node.metadata.name);
  if (runtime.has(pod.metadata.uid) && rested.get(pod) === node) return;
  const now = stampOf(context.now());
  if (!runtime.has(pod.metadata.uid)) {
    const image = String(listAt(pod.spec, 'containers')[0]?.image);
    const result = context.reality.programs.find((p) => p.image.test(image))?.run(pod, runtime);
    if (result !== undefined && result.phase !== 'Running') {
      end(context, pod, result.phase, result.log);
      return;
    }
  }
  runtime.set(pod.metadata.uid, pod);
  const startTime = textAt(pod.status, 'startTime') ?? now;
  const containers = statusesOf(context, pod, 'containers', startTime);
  const pulled = containers.every((c) => c.ready === true);
  const started = isReady(pod) || context.now() >= Date.parse(startTime) + context.reality.podStartMs;
  const ready = pulled && started;
  const host = pod.spec?.hostNetwork === true;
  const ip = host ? (textAt(listAt(node.status, 'addresses')[0], 'address') ?? '10.132.0.2') : addressOf(pod);
  const told = context.store.update(ACTOR, 'status', pod, (draft) => {
    const ephemeral = statusesOf(context, pod, 'ephemeralContainers', now);
    const known = listAt(draft.status, 'ephemeralContainerStatuses');
    draft.status = {
      ...draft.status,
      phase: pulled ? 'Running' : 'Pending',
      startTime,
      podIP: ip,
      podIPs: [{ ip }],
      hostIP: textAt(listAt(node.status, 'addresses')[0], 'address') ?? '10.132.0.2',
      conditions: conditionsOf(pod, ready, now),
      containerStatuses: containers.map((c) => ({ ...c, ready: ready && c.ready === true })),
      ...(ephemeral.length === 0
        ? {}
        : {
            ephemeralContainerStatuses: ephemeral.map(
              (c) => known.find((k) => k.name === c.name && 'running' in Object(k.state)) ?? c,
            ),
          }),
    };
  });
  if (told === pod && ready) rested.set(pod, node);
};

const syncStatics = (context: Context, node: Obj): void => {
  const name = node.metadata.name;
  const known = context.reality.statics.get(name) ?? [];
  for (const pod of podsOn(context, name)) {
    if (pod.metadata.annotations?.[MIRROR] === undefined) continue;
    if (!known.some((p) => p.metadata.name === pod.metadata.name && p.metadata.namespace === pod.metadata.namespace))
      known.push(pod);
  }
  context.reality.statics.set(name, known);
  for (const pod of known) {
    const kind = context.kind('Pod');
    if (context.store.get(kind, pod.metadata.namespace, pod.metadata.name) !== undefined) continue;
    const { uid: _uid, resourceVersion: _version, deletionTimestamp: _gone, ...metadata } = pod.metadata;
    context.store.insert(ACTOR, kind, {
      ...pod,
      metadata: { ...metadata, labels: labelsOf(pod), ownerReferences: [controlledBy(node)] },
      status: { phase: 'Pending' },
    });
  }
};

/**
 * The work of the kubelets of reachable nodes: start pods that are bound to them, end pods marked for deletion, kill
 * pods without an object (unless stubborn), and recreate static pods.
 */
export const syncKubelets = (context: Context): void => {
  for (const node of context.store.all(context.kind('Node'))) {
    if (context.reality.cut.has(node.metadata.name)) continue;
    syncStatics(context, node);
    const pods = podsOn(context, node.metadata.name);
    for (const pod of pods) {
      const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      if (pod.metadata.deletionTimestamp !== undefined) {
        if (Array.isArray(pod.metadata.finalizers) && pod.metadata.finalizers.length > 0) continue;
        context.store.remove(ACTOR, pod);
      } else if (!ended) start(context, node, pod);
    }
    const runtime = runtimeOf(context, node.metadata.name);
    for (const uid of runtime.keys()) {
      if (context.store.byUid(uid) === undefined && !context.reality.stubborn.has(uid)) runtime.delete(uid);
    }
  }
};
