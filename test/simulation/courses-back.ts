import type { Tier } from '../../shared/model/ids.ts';
import {
  AFTER_TROUBLE_MS,
  AGAIN,
  contain,
  DELETING,
  deed,
  end,
  type Given,
  MINUTE_MS,
  RIGHTS,
  SECOND_MS,
  withoutRights,
} from './course.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

/** A pod is contained, then released or closed, and contained again before that is done, with denials in between. */
export const tugOfWar = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const neighbour = chance.pick(all.filter(({ node }) => node === victim.node));
  const events: Event[] = [];
  let at = chance.between(5, 400) * SECOND_MS;
  const then = (what: string, waitMs: number, happen: Event['happen']): void => {
    events.push({ atMs: at, what, happen });
    at += waitMs;
  };
  const tiers: readonly Tier[] = ['quarantine', 'isolate', 'isolate'];
  const again = (waitMs: number): void => {
    const one = chance.happens(0.7) ? victim : neighbour;
    then(AGAIN, waitMs, (s) => contain(s, chance, one, chance.pick(tiers), false));
  };
  again(chance.between(20, 150) * SECOND_MS);
  for (let round = chance.between(1, 3); round > 0; round -= 1) {
    if (chance.happens(0.5)) {
      const from = at - chance.between(0, 20) * SECOND_MS;
      events.push(...withoutRights(from, from + chance.between(20, 280) * SECOND_MS, chance.pick(RIGHTS)));
    }
    const action = chance.happens(0.7) ? 'release' : 'close';
    then(action, chance.happens(0.5) ? chance.between(0, 3_000) : chance.between(0, 40_000), (s) =>
      end(s, chance, victim, action),
    );
    if (action === 'release' && chance.happens(0.3))
      then('close', chance.between(0, 20 * 60) * SECOND_MS, (s) => end(s, chance, victim, 'close'));
    again(chance.between(5, 180) * SECOND_MS);
  }
  if (chance.happens(0.2)) {
    at += chance.between(16, 25) * MINUTE_MS;
    events.push(...withoutRights(at - SECOND_MS, at + chance.between(20, 200) * SECOND_MS, RIGHTS[0]));
    then('release', 0, (s) => end(s, chance, victim, 'release'));
  }
  return events;
};

/** Denials last until a message has used up its deliveries, while operators request higher tiers. */
export const deniedForLong = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const from = AFTER_TROUBLE_MS + chance.between(0, 120) * SECOND_MS;
  const to = from + chance.between(50, 80) * MINUTE_MS;
  const ask = (atMs: number, tiers: readonly Tier[]): Event => ({
    atMs,
    what: 'contain while denied',
    happen: (s) => contain(s, chance, victim, chance.pick(tiers), false),
  });
  return [
    ask(from - chance.between(60, 240) * SECOND_MS, ['quarantine', 'isolate']),
    ...withoutRights(from, to, RIGHTS[0]),
    ask(from + chance.between(5, 300) * SECOND_MS, ['isolate', ...DELETING]),
  ];
};

/** Sets how many pods of the cart must run. If that is all of them, none may be evicted. */
export const needsCarts =
  (minAvailable: number): Event['happen'] =>
  async ({ cluster }) => {
    const ref = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace: 'shop', name: 'cart' };
    cluster.edit(ref, ({ spec }) => Object.assign(spec ?? {}, { minAvailable }), 'stranger');
  };

/** A policy that allows less is in force while a drain is blocked, for longer than a drain may take. */
export const tightenDuringDrain = ({ chance, all }: Given): Event[] => {
  const isCart = ({ name }: Victim): boolean => name.startsWith('cart-');
  // Not a pod that reaches its node: such a node is cut before it is drained.
  const [one, ...more] = all.filter(
    ({ name, node }) => /^(ledger|nightly)-/.test(name) && all.some((other) => isCart(other) && other.node === node),
  );
  const victim = one === undefined ? chance.pick(all.filter(isCart)) : chance.pick([one, ...more]);
  // Begins before the story does, because the budget allows only one node.
  const start = chance.between(500, 4_000);
  const from = start + chance.between(8_000, 60_000);
  const to = from + chance.between(130, 600) * SECOND_MS;
  const approve = (atMs: number): Event => ({
    atMs,
    what: 'approve',
    happen: (s) => deed('approve', s, chance, victim, 5000),
  });
  const again = to + chance.between(1, 20) * SECOND_MS;
  const protectsAll = [{ namespace: '*', tier: 'snapshot' as const }];
  return [
    { atMs: 0, what: 'let no cart be evicted', happen: needsCarts(3) },
    { atMs: to + chance.between(20, 200) * SECOND_MS, what: 'let carts be evicted', happen: needsCarts(2) },
    { atMs: start, what: 'contain', happen: (s) => contain(s, chance, victim, 'isolate', false) },
    approve(start + 2_000),
    approve(again + 2_000),
    {
      atMs: from,
      what: 'tighten during a drain',
      happen: async (s) => s.deploy({ ...s.policy, protected: protectsAll }, { most: 'snapshot', dry: false }),
    },
    {
      atMs: to,
      what: 'restore the policy',
      happen: async (s) => s.deploy(s.policy, { most: 'delete-host', dry: false }),
    },
    {
      atMs: again,
      what: 'contain as before',
      happen: (s) => contain(s, chance, victim, 'isolate', chance.happens(0.05)),
    },
  ];
};

/** A release meets a denial, and its incident is closed. The next episode takes over; its release is denied later. */
export const closeHalfWay = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const released = start + chance.between(60, 200) * SECOND_MS;
  const closed = released + chance.between(3, 15) * SECOND_MS;
  const again = closed + chance.between(2, 60) * SECOND_MS;
  const last = again + chance.between(16, 25) * MINUTE_MS;
  const isolate: Event['happen'] = (s) => contain(s, chance, victim, 'isolate', false);
  return [
    { atMs: start, what: 'contain', happen: isolate },
    ...withoutRights(released - SECOND_MS, closed + chance.between(1, 60) * SECOND_MS, RIGHTS[0]),
    { atMs: released, what: 'release', happen: (s) => end(s, chance, victim, 'release') },
    { atMs: closed, what: 'close', happen: (s) => end(s, chance, victim, 'close') },
    { atMs: again, what: AGAIN, happen: isolate },
    ...withoutRights(last - SECOND_MS, last + chance.between(10, 100) * SECOND_MS, RIGHTS[0]),
    { atMs: last, what: 'release', happen: (s) => end(s, chance, victim, 'release') },
  ];
};
