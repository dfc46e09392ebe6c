import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { AGAIN, contain, DELETING, deed, end, type Given, SECOND_MS } from './course.ts';
import { remakeMachine, type Victim } from './deeds.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const MILD: readonly Tier[] = ['quarantine', 'isolate', 'isolate'];
export const ANY: readonly Tier[] = [...MILD, ...DELETING];

/** The pods of a workload as they are at this moment: those that it had at first may be gone. */
export const podsNow = ({ cluster }: Stage, namespace: string, app: string): Victim[] =>
  cluster
    .list('v1', 'Pod', namespace)
    .filter(({ metadata, spec }) => metadata.name.startsWith(app) && spec?.nodeName !== undefined)
    .map(({ metadata, spec }) => ({
      namespace,
      name: metadata.name,
      uid: metadata.uid,
      node: String(spec?.nodeName),
    }));

const appOf = ({ name }: Pick<Victim, 'name'>): string => name.split('-')[0] ?? name;

/** A finding or a request about one of the workload's present pods. */
export const onOneNow = async (stage: Stage, chance: Chance, { namespace, name }: Victim, n: number): Promise<void> => {
  const pods = podsNow(stage, namespace, appOf({ name }));
  if (pods.length === 0) return;
  const one = chance.pick(pods);
  if (chance.happens(0.5)) await deed('finding', stage, chance, one, n);
  else await contain(stage, chance, one, chance.pick(MILD), false);
};

/** Auto-repair or an upgrade makes a node's VM again under its name in the middle. Sometimes the Node object stays. */
export const remade = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const repaired = start + chance.between(500, 150_000);
  const keepsNode = chance.happens(0.5);
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 8000) },
    { atMs: repaired, what: 'remake the VM', happen: async (s) => remakeMachine(s, victim.node, keepsNode) },
    {
      atMs: repaired + chance.between(2, 120) * SECOND_MS,
      what: AGAIN,
      happen: (s) => onOneNow(s, chance, victim, 8001),
    },
  ];
};

/**
 * A CronJob makes a Job, and so a pod, every few seconds. Its pods, and the CronJob itself, are contained meanwhile.
 */
export const keepsMaking = ({ chance, all }: Given): Event[] => {
  const start = chance.between(5, 120) * SECOND_MS;
  const jobs = chance.between(3, 10);
  const every = chance.between(4, 20) * SECOND_MS;
  const ref = { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'cleanup' };
  const make =
    (n: number): Event['happen'] =>
    async ({ cluster }) => {
      const cron = cluster.get(ref);
      if (cron === undefined || cron.spec?.suspend === true) return;
      const { uid } = cron.metadata;
      const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'cleanup', uid, controller: true };
      const metadata = { name: `cleanup-${n}`, namespace: 'shop', ownerReferences: [owner] };
      const { spec } = Object(cron.spec?.jobTemplate);
      cluster.apply(
        { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: structuredClone(spec) },
        'cronjob-controller',
      );
    };
  const any = chance.pick(all);
  const victim = { ...any, namespace: 'shop', name: 'cleanup-1' };
  const events = Array.from(
    { length: jobs },
    (_, n): Event => ({ atMs: start + n * every, what: 'make a Job', happen: make(n) }),
  );
  const asks = Array.from({ length: chance.between(1, 3) }, (_, n): Event => {
    const atMs = start + chance.between(1_000, jobs * every);
    return { atMs, what: AGAIN, happen: (s) => onOneNow(s, chance, victim, 8300 + n) };
  });
  const approve: Event['happen'] = (s) => deed('approve', s, chance, victim, 8310);
  return [...events, ...asks, { atMs: start + jobs * every, what: 'approve', happen: approve }];
};

/** A whole namespace is deleted while its pods are contained, or are being released. */
export const namespaceGoes = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter(({ namespace }) => namespace === 'payments'));
  const start = chance.between(5, 200) * SECOND_MS;
  const gone = start + chance.between(500, 120_000);
  const ending = chance.happens(0.5) ? gone + chance.between(-20, 20) * SECOND_MS : undefined;
  const drop = async ({ cluster }: Stage): Promise<void> => {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'payments' };
    if (cluster.get(ref) !== undefined) cluster.drop(ref, 'stranger');
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 8400) },
    { atMs: gone, what: 'delete the namespace', happen: drop },
    ...(ending === undefined
      ? []
      : [
          {
            atMs: Math.max(ending, start + SECOND_MS),
            what: 'release',
            happen: (s: Stage) => end(s, chance, victim, 'release'),
          },
        ]),
  ];
};

/** A node pool is deleted in the middle: its VMs go first, then the group itself. */
export const poolGoes = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const gone = start + chance.between(500, 200_000);
  const groupOf = ({ world, cluster }: Stage): string | undefined => {
    const zone = cluster.get({ apiVersion: 'v1', kind: 'Node', name: victim.node })?.metadata.labels;
    const at = zone?.['topology.kubernetes.io/zone'] ?? 'no zone';
    return [...world.compute.state.groups.keys()].find((url) => url.includes(`/${at}/`));
  };
  let group: string | undefined;
  const empty = async (stage: Stage): Promise<void> => {
    stage.world.settle();
    group = groupOf(stage);
    if (group !== undefined) stage.world.compute.stranger.resize(group, 0, 'gke');
  };
  const remove = async ({ world }: Stage): Promise<void> => {
    world.settle();
    if (group !== undefined) world.compute.state.groups.delete(group);
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(ANY), chance.happens(0.2)) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 8500) },
    { atMs: gone, what: 'empty the group', happen: empty },
    { atMs: gone + chance.between(10, 40) * SECOND_MS, what: 'delete the group', happen: remove },
  ];
};
