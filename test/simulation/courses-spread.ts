import { SHOP } from '../../local/world/seed.ts';
import type { Tier } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import { AGAIN, contain, deed, end, type Given, SECOND_MS } from './course.ts';
import type { Victim } from './deeds.ts';
import { ask } from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const cart = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
const LOOKS = 120;

/** Somebody scales a Deployment up soon after it was scaled to 0. */
const scale = async (stage: Stage, replicas: number): Promise<void> => {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (stage.cluster.get(cart)?.spec?.replicas === 0) {
      stage.cluster.edit(cart, (draft) => Object.assign(draft, { spec: { ...draft.spec, replicas } }), 'stranger');
      return;
    }
    await stage.clock.sleep(SECOND_MS);
  }
};

/** The evidence is in a workload's own spec, so it is stopped. Somebody may scale it up; then its incident is released. */
export const stopped = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter(({ name }) => name.startsWith('cart')));
  const start = chance.between(5, 200) * SECOND_MS;
  const isScaled = chance.happens(0.5);
  const replicas = chance.between(4, 6);
  const finding = async (s: Stage): Promise<void> => {
    await s.bus.publish('findings', {
      v: 1,
      id: 'f-spec',
      rule: 'privileged-workload',
      severity: 'high',
      confidence: 0.7,
      family: 'spec',
      because: ['seen in the simulation'],
      target: { ...SHOP, namespace: victim.namespace, pod: victim.name },
      at: timeOf(s.clock.now()),
      source: 'gke-audit-log',
    });
  };
  return [
    { atMs: start, what: 'finding', happen: finding },
    {
      atMs: start + chance.between(1, 5) * SECOND_MS,
      what: AGAIN,
      happen: (s) => contain(s, chance, victim, chance.pick(['quarantine', 'isolate'] as const), false),
    },
    { atMs: start + 8_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9700) },
    ...(isScaled ? [{ atMs: start, what: 'scale up', happen: (s: Stage) => scale(s, replicas) }] : []),
    {
      atMs: start + chance.between(60, 240) * SECOND_MS,
      what: 'release',
      happen: (s) => end(s, chance, victim, 'release'),
    },
  ];
};

/** A pod is only watched, with a snapshot of its disks, while another one on its node is isolated. */
export const watchedBeside = ({ chance, all }: Given): Event[] => {
  const watched = chance.pick(all.filter(({ name }) => /^(cart|ledger|nightly)/.test(name)));
  const beside = all.filter(({ node, name }) => node === watched.node && name !== watched.name);
  const victim = chance.pick(beside);
  const start = chance.between(2, 60) * SECOND_MS;
  const next = start + chance.between(150, 240) * SECOND_MS;
  return [
    { atMs: start, what: 'watch', happen: (s) => contain(s, chance, watched, 'snapshot', false) },
    { atMs: next, what: AGAIN, happen: (s) => contain(s, chance, victim, 'isolate', false) },
    { atMs: next + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9800) },
  ];
};

/** Somebody makes single pods, and all workloads of a namespace are contained within minutes. */
export const manyWorkloads = ({ chance, all }: Given): Event[] => {
  const names = ['extra-1', 'extra-2', 'extra-3', 'extra-4'];
  const make = async ({ cluster }: Stage): Promise<void> => {
    for (const name of names)
      cluster.apply(
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'shop', labels: { run: name } },
          spec: { containers: [{ name, image: `shop.example.com/${name}:0.1.0` }] },
        },
        'stranger',
      );
  };
  const tiers: readonly Tier[] = ['quarantine', 'quarantine', 'isolate'];
  const apps = new Map(all.filter(({ namespace }) => namespace === 'shop').map((one) => [one.name.split('-')[0], one]));
  const pods = [...names, ...[...apps.values()].map(({ name }: Victim) => name)];
  return [
    { atMs: SECOND_MS, what: 'make pods', happen: make },
    ...pods.map(
      (pod): Event => ({
        atMs: chance.between(60, 200) * SECOND_MS,
        what: AGAIN,
        happen: async (s) =>
          void (await ask(s, chance, {
            action: 'contain',
            tier: chance.pick(tiers),
            target: { ...SHOP, namespace: 'shop', pod },
          })),
      }),
    ),
  ];
};
