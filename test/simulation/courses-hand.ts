import { SHOP } from '../../local/world/seed.ts';
import { QUARANTINE_TAG } from '../../shared/containment/quarantine-rules.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { contain, DELETING, deed, end, type Given, MINUTE_MS, SECOND_MS } from './course.ts';
import type { Victim } from './deeds.ts';
import { ask } from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

/** People take back by hand what a closed incident has left on a pod and its node; the marks stay. */
const byHand = async (stage: Stage, { namespace, name, node }: Victim): Promise<void> => {
  stage.world.settle();
  const [pod, machine] = [
    { apiVersion: 'v1', kind: 'Pod', namespace, name },
    { apiVersion: 'v1', kind: 'Node', name: node },
  ];
  if (stage.cluster.get(machine)?.spec?.unschedulable === true)
    stage.cluster.edit(machine, ({ spec }) => Object.assign(spec ?? {}, { unschedulable: false }), 'stranger');
  if (stage.cluster.get(pod)?.metadata.labels?.quarantine !== undefined)
    stage.cluster.edit(pod, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
  const { instances } = stage.world.compute.state;
  const [url, vm] = [...instances].find(([, one]) => one.name === node) ?? [];
  const items = vm?.tags.items ?? [];
  if (url !== undefined && items.includes(QUARANTINE_TAG))
    stage.world.compute.stranger.setTags(
      url,
      items.filter((tag) => tag !== QUARANTINE_TAG),
    );
};

/** An incident is closed, people take its changes back by hand, and the pod or its neighbour is contained again. */
export const undoneByHand = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const neighbour = chance.pick(all.filter(({ node }) => node === victim.node));
  const start = chance.between(5, 200) * SECOND_MS;
  const closed = start + chance.between(60, 240) * SECOND_MS;
  const undone = closed + chance.between(20, 60) * SECOND_MS;
  const isolate =
    (one: Victim): Event['happen'] =>
    (s) =>
      contain(s, chance, one, 'isolate', false);
  return [
    { atMs: start, what: 'contain', happen: isolate(victim) },
    { atMs: closed, what: 'close', happen: (s) => end(s, chance, victim, 'close') },
    { atMs: undone, what: 'undo by hand', happen: (s) => byHand(s, victim) },
    {
      atMs: undone + chance.between(1, 120) * SECOND_MS,
      what: 'contain what was undone',
      happen: isolate(chance.happens(0.6) ? victim : neighbour),
    },
  ];
};

const WORKLOADS = [
  { kind: 'Deployment', name: 'cart' },
  { kind: 'StatefulSet', name: 'ledger' },
  { kind: 'DaemonSet', name: 'node-agent' },
  { kind: 'Job', name: 'nightly-report' },
] as const;

/** A request names the workload of a pod, or its node. */
const named = (chance: Chance, { namespace, name, node }: Victim): Record<string, unknown> => {
  const kind = chance.pick(['workload', 'workload', 'node', 'node', 'drained'] as const);
  if (kind === 'node') return { target: { ...SHOP, node } };
  if (kind === 'drained') return { target: { ...SHOP, node }, drain: true };
  const workload = WORKLOADS.find((one) => name.startsWith(one.name));
  return { target: { ...SHOP, namespace, ...(workload === undefined ? { pod: name } : { workload }) } };
};

/** Operators name workloads and nodes, in every tier, while the pods of these are contained, released and closed. */
export const namesMore = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const others = all.filter(({ node }) => node === victim.node);
  const tiers: readonly Tier[] = ['snapshot', 'quarantine', 'isolate', 'isolate', ...DELETING];
  let at = chance.between(2, 100) * SECOND_MS;
  const events: Event[] = [];
  for (let n = chance.between(2, 5); n > 0; n -= 1) {
    const one = chance.happens(0.5) ? victim : chance.pick(others);
    const body = { action: 'contain', tier: chance.pick(tiers), ...named(chance, one) };
    events.push({ atMs: at, what: 'name a workload or node', happen: async (s) => void (await ask(s, chance, body)) });
    at += chance.between(2, 30) * SECOND_MS;
    events.push({ atMs: at, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 6000 + n) });
    at += chance.between(1, 180) * SECOND_MS;
    const ending = chance.pick(['release', 'close', 'nothing', 'nothing'] as const);
    if (ending !== 'nothing') events.push({ atMs: at, what: ending, happen: (s) => end(s, chance, one, ending) });
    at += chance.between(1, 120) * SECOND_MS;
  }
  return events;
};

/** A halt of minutes begins while an incident is contained, and other incidents are released or closed during it. */
export const longHalt = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const other = chance.pick(all.filter(({ node }) => node === victim.node));
  const start = chance.between(5, 200) * SECOND_MS;
  const halted = start + chance.between(1_000, 90_000);
  const ended = halted + chance.between(5, 240) * SECOND_MS;
  const resumed = ended + chance.between(1, 12) * MINUTE_MS;
  const tiers: readonly Tier[] = ['isolate', ...DELETING];
  return [
    {
      atMs: start - chance.between(0, 4) * SECOND_MS,
      what: 'contain',
      happen: (s) => contain(s, chance, other, 'isolate', false),
    },
    {
      atMs: start,
      what: 'contain',
      happen: (s) => contain(s, chance, victim, chance.pick(tiers), chance.happens(0.3)),
    },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 7000) },
    { atMs: halted, what: 'halt', happen: async (s) => void (await ask(s, chance, { action: 'halt' })) },
    {
      atMs: ended,
      what: 'end under the halt',
      happen: (s) => end(s, chance, chance.pick([victim, other]), chance.pick(['release', 'release', 'close'])),
    },
    { atMs: resumed, what: 'resume', happen: async (s) => void (await ask(s, chance, { action: 'resume' })) },
  ];
};
