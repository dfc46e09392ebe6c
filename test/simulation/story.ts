import { SHOP } from '../../local/world/seed.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Chance } from './chance.ts';
import type { Stage } from './stage.ts';

/** Something that happens at a moment of the play. */
export type Event = { atMs: number; what: string; happen(stage: Stage): Promise<void> };

type Victim = { namespace: string; name: string; uid: string; node: string };

const victimsOf = (stage: Stage): Victim[] =>
  stage.cluster.list('v1', 'Pod').flatMap((pod) => {
    const { namespace = '', name, uid } = pod.metadata;
    const known = namespace === 'shop' || namespace === 'payments';
    return known ? [{ namespace, name, uid, node: String(pod.spec?.nodeName) }] : [];
  });

/** What rules may claim, so that every tier of the ladder comes up. */
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

const incidentsOf = async (stage: Stage): Promise<Incident[]> => (await stage.ports.stores.incidents.list({})).items;

const ask = (stage: Stage, body: Record<string, unknown>): Promise<string> =>
  stage.bus.publish('requests', {
    at: timeOf(stage.clock.now()),
    reason: 'simulated',
    requestedBy: 'ana@example.com',
    ...body,
  });

const TIERS = ['snapshot', 'quarantine', 'isolate'] as const;

const onSome =
  (action: 'release' | 'close') =>
  async (stage: Stage, chance: Chance): Promise<void> => {
    const known = await incidentsOf(stage);
    if (known.length > 0) await ask(stage, { action, incident: chance.pick(known).id });
  };

type Deed = (stage: Stage, chance: Chance, victim: Victim, n: number) => Promise<void>;

const deeds: Readonly<Record<string, Deed>> = {
  finding: async (stage, chance, victim, n) => {
    await stage.bus.publish('findings', findingOf(stage, victim, chance, n));
  },
  contain: async (stage, chance, victim) => {
    await ask(stage, {
      action: 'contain',
      tier: chance.pick(TIERS),
      target: { ...SHOP, namespace: victim.namespace, pod: victim.name },
    });
  },
  release: onSome('release'),
  close: onSome('close'),
  approve: async (stage) => {
    const asking = (await incidentsOf(stage)).find((i) => i.decision?.asked !== undefined);
    const plan = asking?.decision?.asked?.plan;
    if (asking !== undefined && plan !== undefined) await ask(stage, { action: 'reject', incident: asking.id, plan });
  },
  halt: async (stage, chance) => {
    const before = timeOf(stage.clock.now());
    await stage.clock.sleep(1_000);
    await ask(stage, { action: 'halt' });
    // A resume of an earlier halt that was long under way must not lift this one.
    await ask(stage, { action: 'resume', at: before });
    await stage.clock.sleep(chance.between(5_000, 120_000));
    await ask(stage, { action: 'resume' });
  },
  uncordon: async (stage, _, victim) => {
    const ref = { apiVersion: 'v1', kind: 'Node', name: victim.node };
    const node = stage.cluster.get(ref);
    if (node !== undefined)
      stage.cluster.edit(
        ref,
        (draft) => ({ ...draft.spec, ...Object.assign(draft.spec ?? {}, { unschedulable: false }) }),
        'stranger',
      );
  },
  delete: async (stage, _, victim) => {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: victim.namespace, name: victim.name };
    if (stage.cluster.get(ref) !== undefined) stage.cluster.drop(ref, 'stranger');
  },
  recreate: async (stage, _, victim) => {
    const place = [...stage.world.compute.state.instances.keys()].find((url) => url.endsWith(`/${victim.node}`));
    if (place !== undefined) stage.world.compute.stranger.recreate(place);
  },
  // The autoscaler sees a group that has lost a node and grows it, at the worst of moments.
  grow: async (stage, chance) => {
    const groups = [...stage.world.compute.state.groups];
    const sizes = new Map(groups.map(([url, group]) => [url, group.raw.targetSize]));
    for (let looks = 0; looks < 300; looks += 1) {
      await stage.clock.sleep(chance.between(200, 1_500));
      for (const [url, group] of groups) {
        const { targetSize } = group.raw;
        if (targetSize < (sizes.get(url) ?? 0))
          stage.world.compute.stranger.resize(url, targetSize + 1, 'cluster-autoscaler');
        sizes.set(url, targetSize);
      }
    }
  },
};

const COMMON = ['finding', 'finding', 'finding', 'finding', 'contain'] as const;
const RARE = ['release', 'release', 'close', 'approve', 'halt', 'uncordon', 'delete', 'recreate', 'grow'] as const;
const FIRST_MS = 5_000;
const LAST_MS = 300_000;

/** What happens in the play of a seed: attacks on up to three pods, operators, strangers and the autoscaler between. */
export const storyOf = (stage: Stage, chance: Chance): Event[] => {
  const all = victimsOf(stage);
  const victims = Array.from({ length: chance.between(1, 3) }, () => chance.pick(all));
  const opening: Event = {
    atMs: FIRST_MS,
    what: 'finding',
    happen: (s) => run(s, 'finding', chance, chance.pick(victims), 0),
  };
  const others = Array.from({ length: chance.between(2, 10) }, (_, i): Event => {
    const what = chance.happens(0.6) ? chance.pick(COMMON) : chance.pick(RARE);
    const victim = chance.pick(victims);
    return { atMs: chance.between(FIRST_MS, LAST_MS), what, happen: (s) => run(s, what, chance, victim, i + 1) };
  });
  return [opening, ...others].toSorted((a, b) => a.atMs - b.atMs);
};

const run = async (stage: Stage, what: string, chance: Chance, victim: Victim, n: number): Promise<void> => {
  const deed = deeds[what];
  if (deed === undefined) throw new Error(`no deed ${what}`);
  await deed(stage, chance, victim, n);
};
