import type { Entry } from '../../shared/model/entry.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { msOf, timeOf } from '../../shared/model/time.ts';
import { type Chance, chanceOf } from './chance.ts';
import { AGAIN } from './course.ts';
import { type Ended, heldIds } from './ended.ts';
import { INVARIANTS } from './invariants.ts';
import { ask } from './operators.ts';
import type { Trouble } from './process.ts';
import { type Plant, type Stage, setStage } from './stage.ts';
import { storyOf } from './story.ts';

/**
 * The result of a seed. `broken`: a sentence for each invariant that did not hold. `runs`: how many messages were
 * published.
 */
export type Outcome = {
  seed: number;
  broken: string[];
  runs: number;
  changes: number;
  crashes: boolean;
  story: string[];
};

/** These draws leave the seeds that are listed for planted bugs as they were. */
const BESIDE = 'beside 1320';
const FURTHER = 'further 6';
const TIMELY = 'timely 1';
/** Calls fail during this time. After it everything must come to its end. */
const TROUBLE_MS = 420_000;
const TICK_MS = 60_000;
/** The share of plays in which everything is released at the end. */
const RELEASED = 0.2;
/** The share of plays that go on for hours even if nothing is left to do. */
const LONG = 0.1;
/** Shifts the checks whether a play is over to between two ticks: with a tick under way, a play is not over. */
const BETWEEN_TICKS_MS = 30_000;
/** The share of plays in which no tick comes for hours, as while operate or the scheduler is down. */
const TICKLESS = 0.03;
/** Long enough for a release, which waits for operations and up to 15 minutes for a denial. */
const RELEASE_MS = 60 * 60_000;
/** Quiet comes long before this: after the backoff of ten tries, the leases, and 15 minutes of a denial. */
const END_MS = 6 * 60 * 60_000;

/** The first tick after the end of an investigation access closes it. */
const ENDS_MS = 3 * TICK_MS;

const troubleOf = (seed: number): Trouble => {
  const chance = chanceOf(seed, 'trouble');
  const slow = chanceOf(seed, 'slow looks');
  const of = (most: number): number => (chance.happens(0.5) ? chance.unit() * most : 0);
  const trouble = {
    crash: of(0.02),
    fault: of(0.02),
    lostReply: of(0.02),
    pause: of(0.005),
    conflict: of(0.1),
    denied: of(0.02),
    jump: of(0.005),
    slow: slow.happens(0.06) ? slow.unit() * 0.04 : 0,
  };
  // A play with slow reads has no trouble that costs a run its lease, so that the invariant on leases is checked.
  const calm = { fault: 0, lostReply: 0, pause: 0, conflict: 0, jump: 0 };
  return trouble.slow > 0 ? { ...trouble, ...calm } : trouble;
};

type Gap = { from: number; to: number };

/** When no tick comes in this play, in ms; the gap is empty in most plays. */
const gapOf = (seed: number, start: number): Gap => {
  const chance = chanceOf(seed, 'no tick');
  if (!chance.happens(TICKLESS)) return { from: start, to: start };
  const from = start + chance.between(1, 10) * TICK_MS;
  return { from, to: from + chance.between(60, 360) * TICK_MS };
};

const ticking = async (stage: Stage, until: number, gap: Gap): Promise<void> => {
  while (stage.clock.now() < until) {
    const now = stage.clock.now();
    if (now < gap.from || now >= gap.to) await stage.bus.publish('tick', { at: timeOf(now) });
    await stage.clock.sleep(TICK_MS);
  }
};

const isQuiet = async (stage: Stage): Promise<boolean> => {
  if (stage.bus.outstanding() > 0) return false;
  const { items } = await stage.ports.stores.incidents.list({});
  const now = stage.clock.now();
  const isOpened = ({ state, until }: Entry): boolean =>
    state === 'applied' && until !== undefined && msOf(until) + ENDS_MS > now;
  return items.every((i) => (i.goal === null || i.goal.rev === i.run.rev) && !i.journal.some(isOpened));
};

/** Plays on until two checks in a row find nothing left to do: at least until `least`, at most until `most`, in ms. */
const untilQuiet = async (stage: Stage, least: number, most: number): Promise<void> => {
  for (let quiet = 0; quiet < 2 && stage.clock.now() < most; ) {
    await stage.clock.advance(TICK_MS * 5);
    quiet = stage.clock.now() > least && (await isQuiet(stage)) ? quiet + 1 : 0;
  }
};

/**
 * Waits for at most a minute until no delivery is under way at the end of a play: under a halt, each tick starts a run,
 * which must not be judged half-way.
 */
const untilDelivered = async (stage: Stage): Promise<void> => {
  const most = stage.clock.now() + TICK_MS;
  while (stage.bus.outstanding() > 0 && stage.clock.now() < most) await stage.clock.advance(TICK_MS / 120);
};

/** Requests a release of every open incident. False if there is none, or if a dry run would change nothing anyway. */
const releaseAll = async (stage: Stage, chance: Chance): Promise<boolean> => {
  if (stage.seen.policies.at(-1)?.dry === true) return false;
  const { items } = await stage.ports.stores.incidents.list({}, { limit: 1000 });
  const open = items.filter(({ goal }) => goal !== null && goal.tier !== 'released' && goal.tier !== 'closed');
  const by = { requestedBy: 'ana@example.com', idToken: 'of ana@example.com' };
  for (const { id } of open) await ask(stage, chance, { action: 'release', incident: id, ...by });
  return open.length > 0;
};

/** What is recorded of the subjects of these incidents, and of their VMs. */
const recordedOf = async ({ ports: { stores } }: Stage, incidents: readonly Incident[]): Promise<Ended['recorded']> => {
  const ids = new Set(incidents.flatMap(({ subjects }) => subjects.flatMap(heldIds)));
  const found = await Promise.all([...ids].map(async (id) => [id, await stores.subjects.get(id)] as const));
  return new Map(found.map(([id, record]) => [id, record?.incidents ?? []]));
};

/**
 * Plays one seed to its end and checks the invariants. The same seed gives the same outcome. `look` gets the end state,
 * for a person who investigates a seed.
 */
export const simulate = async (
  seed: number,
  plant?: Plant,
  look?: (stage: Stage, incidents: Incident[]) => void,
): Promise<Outcome> => {
  const chance = chanceOf(seed, 'story');
  const manners = {
    duplicates: chance.happens(0.5) ? chance.unit() * 0.5 : 0,
    late: chance.happens(0.5) ? chance.unit() * 0.2 : 0,
  };
  const stage = setStage(seed, troubleOf(seed), manners, plant);
  const start = stage.clock.now();
  const events = storyOf(stage, chance, {
    later: chanceOf(seed, 'later'),
    again: chanceOf(seed, 'again'),
    more: chanceOf(seed, 'more'),
    beside: chanceOf(seed, BESIDE),
    further: chanceOf(seed, FURTHER),
    timely: chanceOf(seed, TIMELY),
  });
  const over = start + Math.max(TROUBLE_MS, ...events.map(({ atMs }) => atMs + TICK_MS));
  const failures: string[] = [];
  for (const event of events)
    void stage.clock
      .sleep(event.atMs)
      .then(() => event.happen(stage))
      .catch((thrown: unknown) => failures.push(`the play itself failed in ${event.what}: ${String(thrown)}`));
  void stage.clock.sleep(TROUBLE_MS).then(() => stage.calm());
  const gap = gapOf(seed, start);
  const end = start + END_MS + (gap.to - gap.from);
  void ticking(stage, end + RELEASE_MS, gap);
  const ending = chanceOf(seed, 'ending');
  const least = Math.max(ending.happens(LONG) ? start + END_MS : over, gap.to);
  await stage.clock.advance(BETWEEN_TICKS_MS);
  await untilQuiet(stage, least, end);
  const isToRelease = ending.happens(RELEASED) || events.some(({ what }) => what === AGAIN);
  if (isToRelease && (await releaseAll(stage, ending)))
    await untilQuiet(stage, stage.clock.now(), stage.clock.now() + RELEASE_MS);
  await untilDelivered(stage);
  stage.world.settle();
  const { stores } = stage.ports;
  const [{ items: incidents }, { items: findings }, { items: dead }] = await Promise.all([
    stores.incidents.list({}, { limit: 1000 }),
    stores.findings.list({}, { limit: 1000 }),
    stores.dead.list({}, { limit: 1000 }),
  ]);
  look?.(stage, incidents);
  const recorded = await recordedOf(stage, incidents);
  const broken = [...failures, ...INVARIANTS.flatMap((holds) => holds({ stage, incidents, findings, dead, recorded }))];
  return {
    seed,
    broken,
    runs: stage.bus.counts().published,
    changes: stage.world.log.by('firebreak-contain').length,
    crashes: troubleOf(seed).crash > 0,
    story: events.map((e) => `${e.atMs / 1000} s ${e.what}`),
  };
};
