import { SHOP } from '../../local/world/seed.ts';
import { QUARANTINE_TAG } from '../../shared/containment/quarantine-rules.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Tier } from '../../shared/model/ids.ts';
import { AGAIN, contain, DELETING, deed, end, type Given, SECOND_MS } from './course.ts';
import type { Victim } from './deeds.ts';
import { ask } from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const ANY: readonly Tier[] = ['quarantine', 'isolate', 'isolate', ...DELETING];

const MANAGED = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'CronJob'],
] as const;

const managed = ({ cluster }: Stage): KubeObject[] =>
  MANAGED.flatMap(([apiVersion, kind]) => cluster.list(apiVersion, kind)).filter(
    ({ metadata }) => metadata.namespace === 'shop' || metadata.namespace === 'payments',
  );

/** The identity of a controller that makes workloads and nodes again what a repository says. */
const GITOPS = 'gitops';

/**
 * One round of a GitOps controller: specs, and with `nodes` also cordons, are as in the repository; what is gone is
 * made.
 */
const reconcile = (stage: Stage, wanted: readonly KubeObject[], remakes: boolean, nodes: boolean): void => {
  const { cluster } = stage;
  for (const { apiVersion, kind, metadata, spec } of wanted) {
    const ref = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' };
    const found = cluster.get(ref);
    const { uid: _, resourceVersion: __, creationTimestamp: ___, generation: ____, ...rest } = metadata;
    if (found !== undefined && found.metadata.deletionTimestamp === undefined)
      cluster.edit(ref, (draft) => Object.assign(draft, { spec: structuredClone(spec) }), GITOPS);
    else if (found === undefined && remakes)
      cluster.apply({ apiVersion, kind, metadata: rest, spec: structuredClone(spec ?? {}) }, GITOPS);
  }
  if (!nodes) return;
  for (const { metadata } of cluster.list('v1', 'Node').filter((node) => node.spec?.unschedulable === true))
    cluster.edit(
      { apiVersion: 'v1', kind: 'Node', name: metadata.name },
      ({ spec }) => delete Object(spec).unschedulable,
      GITOPS,
    );
};

/** A GitOps controller puts back what a containment changes, every 30 s. */
export const gitOps = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const [remakes, nodes] = [chance.happens(0.7), chance.happens(0.4)];
  let wanted: readonly KubeObject[] = [];
  const readRepository = async (stage: Stage): Promise<void> => {
    wanted = structuredClone(managed(stage));
  };
  const rounds = Array.from(
    { length: 12 },
    (_, n): Event => ({
      atMs: start + (n + 1) * 30 * SECOND_MS - chance.between(0, 20) * SECOND_MS,
      what: 'reconcile',
      happen: async (s) => reconcile(s, wanted, remakes, nodes),
    }),
  );
  return [
    { atMs: 0, what: 'read the repository', happen: readRepository },
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9000) },
    ...rounds,
  ];
};

const nodeRef = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name });

const setCordon = (stage: Stage, node: string, unschedulable: boolean): void => {
  if (stage.cluster.get(nodeRef(node)) === undefined) return;
  stage.cluster.edit(
    nodeRef(node),
    (draft) => {
      draft.spec = { ...draft.spec };
      if (unschedulable) draft.spec.unschedulable = true;
      else delete draft.spec.unschedulable;
    },
    'stranger',
  );
};

const drainByHand = (stage: Stage, node: string): void => {
  setCordon(stage, node, true);
  for (const { metadata, spec } of stage.cluster.list('v1', 'Pod')) {
    const stays = metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') === true;
    if (spec?.nodeName !== node || stays || metadata.namespace === 'firebreak') continue;
    const { name, namespace = '' } = metadata;
    stage.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace, name }, 'stranger');
  }
};

/** Somebody drains a node with kubectl at the same time, uncordons it, or deletes its Node, which registers again. */
export const drainedByHand = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(10, 200) * SECOND_MS;
  const drained = start + chance.between(-5_000, 60_000);
  const after = chance.pick(['uncordon', 'delete the Node', 'nothing'] as const);
  const then = async (stage: Stage): Promise<void> => {
    if (after === 'uncordon') setCordon(stage, victim.node, false);
    if (after === 'delete the Node' && stage.cluster.get(nodeRef(victim.node)) !== undefined)
      stage.cluster.drop(nodeRef(victim.node), 'stranger');
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9100) },
    { atMs: drained, what: 'drain by hand', happen: async (s) => drainByHand(s, victim.node) },
    { atMs: drained + chance.between(1, 120) * SECOND_MS, what: after, happen: then },
    {
      atMs: drained + chance.between(20, 200) * SECOND_MS,
      what: AGAIN,
      happen: async (s) =>
        void (await ask(s, chance, {
          action: 'contain',
          tier: chance.pick(['quarantine', 'isolate'] as const),
          target: { ...SHOP, node: victim.node },
        })),
    },
  ];
};

/** Somebody removes our firewall rules, tags or network policies from a place, all of them or some. */
const clearAway = (stage: Stage, share: () => boolean): void => {
  stage.world.settle();
  const { state, stranger } = stage.world.compute;
  for (const [url, { name }] of [...state.firewalls])
    if (name.startsWith('firebreak-') && share()) stranger.deleteFirewall(url);
  for (const [url, { tags }] of [...state.instances]) {
    const items = tags.items ?? [];
    if (items.includes(QUARANTINE_TAG) && share())
      stranger.setTags(
        url,
        items.filter((tag) => tag !== QUARANTINE_TAG),
      );
  }
  for (const { metadata } of stage.cluster.list('networking.k8s.io/v1', 'NetworkPolicy')) {
    const { name, namespace = '' } = metadata;
    const ref = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace, name };
    if (name.startsWith('firebreak-') && share()) stage.cluster.drop(ref, 'stranger');
  }
};

/** Somebody clears away what a containment made in the network, and the pod or a neighbour is contained again. */
export const clearedAway = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const neighbour = chance.pick(all.filter(({ node }) => node === victim.node));
  const start = chance.between(5, 200) * SECOND_MS;
  const cleared = start + chance.between(2_000, 150_000);
  const isolate =
    (one: Victim): Event['happen'] =>
    (s) =>
      contain(s, chance, one, 'isolate', false);
  return [
    { atMs: start, what: AGAIN, happen: isolate(victim) },
    { atMs: cleared, what: 'clear away', happen: async (s) => clearAway(s, () => chance.happens(0.7)) },
    {
      atMs: cleared + chance.between(1, 120) * SECOND_MS,
      what: AGAIN,
      happen: isolate(chance.happens(0.5) ? victim : neighbour),
    },
  ];
};

/** Pods of several workloads on one node are contained, and released or closed one after the other. */
export const sharedNode = ({ chance, victims, all }: Given): Event[] => {
  const { node } = chance.pick(victims);
  const apps = new Map(all.filter((one) => one.node === node).map((one) => [one.name.split('-')[0], one]));
  const some = [...apps.values()].slice(0, 4);
  const start = chance.between(2, 100) * SECOND_MS;
  const events = some.flatMap((one, n): Event[] => {
    const atMs = start + chance.between(0, 90) * SECOND_MS;
    const ended = atMs + chance.between(5, 300) * SECOND_MS;
    const ending = n === 0 ? 'release' : chance.pick(['release', 'close', 'nothing', 'nothing'] as const);
    const tier = chance.pick(['quarantine', 'isolate', 'isolate', 'delete-workload'] as const);
    return [
      { atMs, what: 'contain on a shared node', happen: (s) => contain(s, chance, one, tier, chance.happens(0.1)) },
      { atMs: atMs + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, one, 9200 + n) },
      ...(ending === 'nothing'
        ? []
        : [{ atMs: ended, what: ending, happen: (s: Stage) => end(s, chance, one, ending) }]),
    ];
  });
  return events;
};
