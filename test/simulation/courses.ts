import type { Tier } from '../../shared/model/ids.ts';
import { contain, containAll, DELETING, deed, type Given, SECOND_MS, siblingsOf } from './course.ts';
import type { Event } from './story.ts';

/** The policy is a dry run at first, and operators request tiers in it. Then the policy acts, and findings come. */
export const dryFirst = ({ chance, victims }: Given): Event[] => {
  const acts = chance.between(30, 200) * SECOND_MS;
  const victim = chance.pick(victims);
  const endsRuns = chance.happens(0.6);
  const tries = Array.from(
    { length: chance.between(1, 3) },
    (): Event => ({
      atMs: Math.max(SECOND_MS, acts - chance.between(500, chance.happens(0.5) ? 3_000 : 45_000)),
      what: 'try in a dry run',
      happen: (s) => contain(s, chance, victim, chance.pick([...DELETING, 'isolate']), chance.happens(0.4)),
    }),
  );
  const findings = Array.from(
    { length: chance.between(1, 3) },
    (_, n): Event => ({
      atMs: acts + chance.between(0, 45_000),
      what: 'finding after a dry run',
      happen: (s) => deed('finding', s, chance, victim, 2000 + n),
    }),
  );
  return [
    {
      atMs: 0,
      what: 'deploy a dry run',
      happen: async (s) => s.deploy({ ...s.policy, mode: 'dry-run' }, { most: 'delete-host', dry: true }),
    },
    ...tries,
    {
      atMs: acts,
      what: 'deploy a policy that acts',
      happen: async (s) => {
        s.deploy(s.policy, { most: 'delete-host', dry: false });
        if (endsRuns) Object.assign(s.rights, { ended: s.clock.now() });
      },
    },
    ...findings,
  ];
};

/** An incident holds two pods of a workload. A request names one of them, or the incident, mostly for a deletion. */
export const oneOfSeveral = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter((one) => siblingsOf(one, all).length > 0));
  const other = chance.pick(siblingsOf(victim, all));
  const start = chance.between(5, 120) * SECOND_MS;
  const wait = (from: number, least: number, most: number): number => from + chance.between(least, most) * SECOND_MS;
  const joined = wait(start, 5, 60);
  const named = wait(joined, 20, 150);
  const tier = chance.pick([...DELETING, 'delete-host', 'redeploy', 'isolate'] as const);
  const first: readonly Tier[] = ['quarantine', 'isolate'];
  return [
    { atMs: start, what: 'contain one', happen: (s) => contain(s, chance, victim, chance.pick(first), false) },
    { atMs: wait(start, 5, 40), what: 'approve', happen: (s) => deed('approve', s, chance, victim, 3000) },
    {
      atMs: joined,
      what: 'another joins',
      happen: (s) =>
        chance.happens(0.5)
          ? deed('finding', s, chance, other, 3001)
          : contain(s, chance, other, chance.pick(first), false),
    },
    {
      atMs: named,
      what: 'name one of several',
      happen: (s) =>
        chance.happens(0.2)
          ? containAll(s, chance, victim, tier)
          : contain(s, chance, victim, tier, chance.happens(0.5)),
    },
    { atMs: wait(named, 5, 60), what: 'approve', happen: (s) => deed('approve', s, chance, victim, 3002) },
  ];
};

/** The budget is spent. A granted tier is held by it, and a second pod joins before anybody lifts the budget. */
export const joinsWhileHeld = ({ chance, all }: Given): Event[] => {
  const victim = chance.pick(all.filter((one) => siblingsOf(one, all).length > 0));
  const other = chance.pick(siblingsOf(victim, all));
  const elsewhere = chance.pick(all.filter(({ node }) => node !== victim.node && node !== other.node));
  const start = chance.between(5, 60) * SECOND_MS;
  const named = start + chance.between(20, 60) * SECOND_MS;
  const joined = named + chance.between(60, 200) * SECOND_MS;
  const approve = (atMs: number): Event => ({
    atMs,
    what: 'approve',
    happen: (s) => deed('approve', s, chance, victim, 4000),
  });
  return [
    { atMs: start, what: 'spend the budget', happen: (s) => contain(s, chance, elsewhere, 'quarantine', false) },
    { atMs: named, what: 'contain', happen: (s) => contain(s, chance, victim, 'isolate', false) },
    approve(named + chance.between(2, 20) * SECOND_MS),
    { atMs: joined, what: 'contain a pod that joins', happen: (s) => contain(s, chance, other, 'isolate', false) },
    approve(joined + chance.between(2, 30) * SECOND_MS),
  ];
};
