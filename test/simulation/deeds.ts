import { cpuIncident } from '../../local/scenarios/monitoring-incident.ts';
import { SHOP } from '../../local/world/seed.ts';
import { SCALE_DOWN_DISABLED } from '../../shared/containment/marks.ts';
import { QUARANTINE_TAG } from '../../shared/containment/quarantine-rules.ts';
import { makeDetector } from '../../shared/detection/detector.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { timeOf } from '../../shared/model/time.ts';
import { replayOf } from '../../shared/replay.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import type { Chance } from './chance.ts';
import * as operators from './operators.ts';
import type { Stage } from './stage.ts';

export type Victim = { namespace: string; name: string; uid: string; node: string };
export type Deed = (stage: Stage, chance: Chance, victim: Victim, n: number) => Promise<void>;

/** Claims of rules that together reach every tier of the ladder. */
const CLAIMS: ReadonlyArray<Pick<Finding, 'rule' | 'severity' | 'confidence' | 'family' | 'conclusive'>> = [
  { rule: 'exec-into-pod', severity: 'medium', confidence: 0.45, family: 'exec' },
  { rule: 'exec-reverse-shell', severity: 'high', confidence: 0.9, family: 'exec', conclusive: true },
  { rule: 'exec-miner', severity: 'critical', confidence: 0.95, family: 'exec', conclusive: true },
  { rule: 'privileged-workload', severity: 'high', confidence: 0.7, family: 'spec' },
];

const findingOf = (stage: Stage, victim: Victim, chance: Chance, n: number): Finding => ({
  v: 1,
  id: `f-${n}`,
  ...chance.pick(CLAIMS),
  because: ['seen in the simulation'],
  target: {
    ...SHOP,
    namespace: victim.namespace,
    pod: victim.name,
    ...(chance.happens(0.5) ? { uid: victim.uid } : {}),
  },
  at: timeOf(stage.clock.now()),
  source: 'gke-audit-log',
});

const detector = makeDetector();

/** Cloud Monitoring reports high CPU use, then its end, and sometimes the beginning once more after the end. */
const alert: Deed = async (stage, chance, victim, n) => {
  const of = (state: 'open' | 'closed') =>
    cpuIncident({
      id: `0.alert${n}`,
      cluster: SHOP,
      on: { kind: 'pod', namespace: victim.namespace, pod: victim.name, container: 'main' },
      startedAt,
      state,
      shape: 'plateau',
    });
  const startedAt = stage.clock.now();
  const told: Stage['alerts'][number] = { opens: [], closes: [], findings: [] };
  stage.alerts.push(told);
  const { signal } = readPayload(of('open'), { now: startedAt });
  if (signal?.kind !== 'cpu') throw new Error('the alert of the play is not read as a CPU alert');
  told.findings.push(...detector.see(signal, startedAt).findings.map(({ id }) => id));
  if (chance.happens(0.7)) told.opens.push(await stage.bus.publish('cpu', of('open')));
  await stage.clock.sleep(chance.between(0, 20_000));
  told.closes.push(await stage.bus.publish('cpu', of('closed')));
  if (chance.happens(0.3) && told.opens.length > 0) return;
  await stage.clock.sleep(chance.between(0, 60_000));
  told.opens.push(await stage.bus.publish('cpu', of('open')));
};

/** A dead-letter finding that a person replays: it may lead to an ask, but runs nothing by itself. */
const replay: Deed = async (stage, chance, victim, n) => {
  const id = await stage.bus.publish('dead-letters', findingOf(stage, victim, chance, n), {
    CloudPubSubDeadLetterSourceSubscription: 'firebreak-findings',
    CloudPubSubDeadLetterSourceTopicPublishTime: timeOf(stage.clock.now()),
  });
  await stage.clock.sleep(chance.between(10_000, 120_000));
  const letter = await stage.ports.stores.dead.get(id);
  if (letter === undefined) return;
  const { topic, body, attributes } = replayOf(letter);
  await stage.bus.publish(topic, body, attributes);
};

const vmUrl = (stage: Stage, node: string): string | undefined => {
  stage.world.settle();
  return [...stage.world.compute.state.instances.keys()].find((url) => url.endsWith(`/${node}`));
};

/** The group of a node makes its VM again under its name. `keepsNode`: the Node object stays, with its UID. */
export const remakeMachine = (stage: Stage, node: string, keepsNode: boolean): void => {
  const url = vmUrl(stage, node);
  const { groups } = stage.world.compute.state;
  const isManaged = [...groups.values()].some(({ members }) => members.some(({ name }) => name === node));
  if (url === undefined || !isManaged) return;
  if (keepsNode) stage.cluster.reality.remade.add(node);
  stage.world.compute.stranger.recreate(url);
};

const nodeNamed = (stage: Stage, name: string): KubeObject | undefined =>
  stage.cluster.get({ apiVersion: 'v1', kind: 'Node', name });

const LOOKS = 500;

/** Polls up to `LOOKS` times until `isSo` holds, so that a stranger acts soon after. Returns whether it holds. */
const once = async (stage: Stage, chance: Chance, isSo: () => boolean): Promise<boolean> => {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (isSo()) return true;
    await stage.clock.sleep(chance.between(10, 300));
  }
  return false;
};

const strangers: Readonly<Record<string, Deed>> = {
  uncordon: async (stage, chance, { node }) => {
    if (!(await once(stage, chance, () => nodeNamed(stage, node)?.spec?.unschedulable === true))) return;
    stage.cluster.edit(
      { apiVersion: 'v1', kind: 'Node', name: node },
      (draft) => ({ ...draft.spec, ...Object.assign(draft.spec ?? {}, { unschedulable: false }) }),
      'stranger',
    );
  },
  delete: async (stage, _, victim) => {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: victim.namespace, name: victim.name };
    if (stage.cluster.get(ref) !== undefined) stage.cluster.drop(ref, 'stranger');
  },
  relabel: async (stage, chance, { namespace, name }) => {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
    const isMarked = () => stage.cluster.get(ref)?.metadata.labels?.quarantine !== undefined;
    if (!(await once(stage, chance, isMarked))) return;
    stage.cluster.edit(ref, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
  },
  untag: async (stage, chance, { node }) => {
    const { instances } = stage.world.compute.state;
    const isTagged = () =>
      [...instances.values()].some(({ name, tags }) => name === node && tags.items?.includes(QUARANTINE_TAG) === true);
    if (!(await once(stage, chance, isTagged))) return;
    const url = vmUrl(stage, node);
    const items = url === undefined ? undefined : instances.get(url)?.tags.items;
    if (url === undefined || items === undefined) return;
    const left = items.filter((tag) => tag !== QUARANTINE_TAG);
    stage.world.compute.stranger.setTags(url, left);
  },
  recreate: async (stage, _, { node }) => {
    const url = vmUrl(stage, node);
    if (url !== undefined) stage.world.compute.stranger.recreate(url);
  },
};

const AUTOSCALER = 'cluster-autoscaler';

const autoscaler: Readonly<Record<string, Deed>> = {
  // Grows a group again as soon as the group has lost a node.
  grow: async (stage, chance) => {
    const groups = [...stage.world.compute.state.groups];
    const sizes = new Map(groups.map(([url, group]) => [url, group.raw.targetSize]));
    for (let looks = 0; looks < 300; looks += 1) {
      await stage.clock.sleep(chance.between(200, 1_500));
      for (const [url, group] of groups) {
        const { targetSize } = group.raw;
        if (targetSize < (sizes.get(url) ?? 0)) stage.world.compute.stranger.resize(url, targetSize + 1, AUTOSCALER);
        sizes.set(url, targetSize);
      }
    }
  },
  // Removes a node, but never from a group in which one node is protected from scale-down.
  shrink: async (stage, chance) => {
    const [url, group] = chance.pick([...stage.world.compute.state.groups]);
    const kept = group.members.some(
      ({ name }) => nodeNamed(stage, name)?.metadata.annotations?.[SCALE_DOWN_DISABLED] === 'true',
    );
    if (!kept && group.raw.targetSize > 1)
      stage.world.compute.stranger.resize(url, group.raw.targetSize - 1, AUTOSCALER);
  },
};

/** Everything that may happen in a play, by its name. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  finding: async (stage, chance, victim, n) => {
    await stage.bus.publish('findings', findingOf(stage, victim, chance, n));
  },
  alert,
  replay,
  contain: operators.contain,
  release: operators.onSome('release'),
  close: operators.onSome('close'),
  approve: operators.answer('approve'),
  lift: operators.answer('approve', (asked) => asked.lifts === true),
  reject: operators.answer('reject'),
  halt: operators.halt,
  ...strangers,
  ...autoscaler,
};
