import { againOf } from './again.ts';
import { besideOf } from './beside.ts';
import type { Chance } from './chance.ts';
import { DEEDS, type Victim } from './deeds.ts';
import { furtherOf } from './further.ts';
import { laterOf } from './later.ts';
import { moreOf } from './more.ts';
import type { Stage } from './stage.ts';
import { timelyOf } from './timely.ts';

/** An event at a moment of the play. */
export type Event = { atMs: number; what: string; happen(stage: Stage): Promise<void> };

const victimsOf = (stage: Stage): Victim[] =>
  stage.cluster.list('v1', 'Pod').flatMap((pod) => {
    const { namespace = '', name, uid } = pod.metadata;
    const known = namespace === 'shop' || namespace === 'payments';
    return known ? [{ namespace, name, uid, node: String(pod.spec?.nodeName) }] : [];
  });

const COMMON = ['finding', 'finding', 'finding', 'finding', 'contain', 'contain', 'approve', 'lift'] as const;
const RARE = [
  'release',
  'release',
  'close',
  'approve',
  'lift',
  'lift',
  'lift',
  'reject',
  'halt',
  'alert',
  'alert',
  'replay',
  'uncordon',
  'uncordon',
  'delete',
  'relabel',
  'untag',
  'recreate',
  'grow',
  'shrink',
] as const;
const FIRST_MS = 5_000;
const LAST_MS = 300_000;

/**
 * The events of a seed's play: attacks on up to three pods, and operators, strangers and the autoscaler in between.
 * `besides`: the chances for the events besides the story.
 */
export const storyOf = (
  stage: Stage,
  chance: Chance,
  {
    later,
    again,
    more,
    beside,
    further,
    timely,
  }: Record<'later' | 'again' | 'more' | 'beside' | 'further' | 'timely', Chance>,
): Event[] => {
  const all = victimsOf(stage);
  const victims = Array.from({ length: chance.between(1, 3) }, () => chance.pick(all));
  const opening: Event = {
    atMs: FIRST_MS,
    what: 'finding',
    happen: (s) => run(s, 'finding', chance, chance.pick(victims), 0),
  };
  const others = Array.from({ length: chance.between(2, 12) }, (_, i): Event => {
    const what = chance.happens(0.6) ? chance.pick(COMMON) : chance.pick(RARE);
    const victim = chance.pick(victims);
    return { atMs: chance.between(FIRST_MS, LAST_MS), what, happen: (s) => run(s, what, chance, victim, i + 1) };
  });
  return [
    opening,
    ...others,
    ...laterOf(victims, later),
    ...againOf(victims, all, again),
    ...moreOf(victims, all, more),
    ...besideOf(victims, all, beside),
    ...furtherOf(victims, all, further),
    ...timelyOf(victims, all, timely),
  ].toSorted((a, b) => a.atMs - b.atMs);
};

const run = async (stage: Stage, what: string, chance: Chance, victim: Victim, n: number): Promise<void> => {
  const deed = DEEDS[what];
  if (deed === undefined) throw new Error(`no deed ${what}`);
  await deed(stage, chance, victim, n);
};
