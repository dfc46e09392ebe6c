import { forbidden } from '../../local/world/kubernetes/refusal.ts';
import { SHOP } from '../../local/world/seed.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { AGAIN, contain, deed, end, type Given, MINUTE_MS, SECOND_MS, siblingsOf } from './course.ts';
import type { Victim } from './deeds.ts';
import { ask } from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const MILD: readonly Tier[] = ['quarantine', 'quarantine', 'isolate'];
const CHAIN = ['replicasets', 'deployments'];

/** decide and operate may not read controllers. Gives what puts the right back. */
const withoutOwners = ({ cluster: { rbac } }: Stage): (() => void) => {
  const { check } = rbac;
  rbac.check = (identity, address) => {
    const { group, plural } = address.kind;
    if (identity === 'firebreak-decide' && CHAIN.includes(plural))
      throw forbidden({ group, plural }, `User "${identity}" cannot read resource "${plural}"`);
    check(identity, address);
  };
  return () => Object.assign(rbac, { check });
};

/**
 * The controllers of a pod cannot be read at first, so its incident is of the pod alone. Then they can, a sibling or the
 * whole workload is contained, and so one pod may be in two incidents. Both are ended, one after the other.
 */
export const unreadOwners = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter((one) => one.name.startsWith('cart')));
  const sibling = chance.pick(siblingsOf(victim, all));
  const start = chance.between(5, 200) * SECOND_MS;
  const read = start + chance.between(10, 60) * SECOND_MS;
  const next = read + chance.between(1, 90) * SECOND_MS;
  const ended = next + chance.between(5, 240) * SECOND_MS;
  let giveBack = (): void => undefined;
  const workload = { kind: 'Deployment', name: 'cart' };
  const named = chance.happens(0.6);
  const approve = (atMs: number): Event => ({
    atMs,
    what: 'approve',
    happen: (s) => deed('approve', s, chance, victim, 9300),
  });
  return [
    {
      atMs: start - SECOND_MS,
      what: 'controllers cannot be read',
      happen: async (s) => {
        giveBack = withoutOwners(s);
      },
    },
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(MILD), false) },
    approve(start + 3_000),
    { atMs: read, what: 'controllers can be read', happen: async () => giveBack() },
    {
      atMs: next,
      what: AGAIN,
      happen: async (s) =>
        named
          ? void (await ask(s, chance, {
              action: 'contain',
              tier: chance.pick(MILD),
              target: { ...SHOP, namespace: 'shop', workload },
            }))
          : contain(s, chance, sibling, chance.pick(MILD), false),
    },
    approve(next + 3_000),
    {
      atMs: next + chance.between(1, 60) * SECOND_MS,
      what: 'finding',
      happen: (s) => deed('finding', s, chance, victim, 9301),
    },
    { atMs: ended, what: 'end', happen: (s) => end(s, chance, sibling, chance.pick(['release', 'release', 'close'])) },
    {
      atMs: ended + chance.between(1, 120) * SECOND_MS,
      what: 'end',
      happen: (s) => end(s, chance, victim, chance.pick(['release', 'close'])),
    },
  ];
};

/** Makes findings on a pod, by their time and number. */
const findingOn =
  (chance: Chance, victim: Victim) =>
  (atMs: number, n: number): Event => ({
    atMs,
    what: 'finding',
    happen: (s) => deed('finding', s, chance, victim, n),
  });

/** An incident is released, and its pod is seen again within the cooldown. */
export const seenAgain = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 100) * SECOND_MS;
  const released = start + chance.between(20, 200) * SECOND_MS;
  const finding = findingOn(chance, victim);
  return [
    finding(start, 9400),
    finding(start + chance.between(0, 20) * SECOND_MS, 9401),
    { atMs: released, what: 'release', happen: (s) => end(s, chance, victim, 'release') },
    ...[9402, 9403, 9404].map((n) => finding(released + chance.between(10, 40 * 60) * SECOND_MS, n)),
  ];
};

/** An operator rejects what the evidence asks for, and the same is seen again. */
export const rejected = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 100) * SECOND_MS;
  const answered = start + chance.between(10, 60) * SECOND_MS;
  const finding = findingOn(chance, victim);
  return [
    ...[9500, 9501, 9502].map((n) => finding(start, n)),
    { atMs: answered, what: 'reject', happen: (s) => deed('reject', s, chance, victim, 9503) },
    ...[9504, 9505, 9506].map((n) => finding(answered + chance.between(10, 300) * SECOND_MS, n)),
  ];
};

const nodeRef = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name });

/** Somebody has cordoned the other nodes of a zone long before a pod on its last one is contained. */
export const lastOfZone = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all);
  const zone = victim.node.slice(0, -3);
  const tiers: readonly Tier[] = ['quarantine', 'isolate', 'delete-host'];
  const cordon = async ({ cluster }: Stage): Promise<void> => {
    for (const { metadata } of cluster.list('v1', 'Node'))
      if (metadata.name.startsWith(zone) && metadata.name !== victim.node)
        cluster.edit(
          nodeRef(metadata.name),
          (draft) => Object.assign(draft, { spec: { ...draft.spec, unschedulable: true } }),
          'stranger',
        );
  };
  // What the story takes out of service counts in the budget for an hour.
  const start = chance.between(66, 80) * MINUTE_MS;
  return [
    { atMs: 0, what: 'cordon the others', happen: cordon },
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, chance.pick(tiers), false) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9600) },
  ];
};

/** An incident is released while its changes are being made, and everything is halted at once. */
export const haltedRelease = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const released = start + chance.between(5, 150) * SECOND_MS;
  const halted = released + chance.between(200, 5_000);
  const resumed = halted + chance.between(1, 8) * MINUTE_MS;
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, 'isolate', false) },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9900) },
    { atMs: released, what: 'release', happen: (s) => end(s, chance, victim, 'release') },
    { atMs: halted, what: 'halt', happen: async (s) => void (await ask(s, chance, { action: 'halt' })) },
    { atMs: resumed, what: 'resume', happen: async (s) => void (await ask(s, chance, { action: 'resume' })) },
  ];
};
