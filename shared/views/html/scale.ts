/** A stretch of time in which something happened, in ms; a moment has no length. */
export type Stretch = { from: number; to: number };

/** The position of moments on a line from 0 to 100. `cuts`: where waiting was shortened, and how long it was. */
export type Scale = { at(ms: number): number; cuts: Array<{ at: number; ms: number }>; begin: number; end: number };

/**
 * The longest pause shown, as a share of the busy time. At its true length, a night between two minutes would hide
 * both.
 */
const MOST_PAUSE = 0.3;
const LEAST_LENGTH = 1000;

const merged = (busy: readonly Stretch[]): Stretch[] => {
  const parts: Stretch[] = [];
  for (const { from, to } of busy.toSorted((a, b) => a.from - b.from)) {
    const last = parts.at(-1);
    if (last === undefined || from > last.to) parts.push({ from, to: Math.max(from, to) });
    else last.to = Math.max(last.to, to);
  }
  return parts;
};

/** A scale on which all activity has its true proportion and long pauses are shortened. */
export const scaleOf = (busy: readonly Stretch[]): Scale => {
  const parts = merged(busy);
  const [begin, end] = [parts[0]?.from ?? 0, parts.at(-1)?.to ?? 0];
  const worked = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const most = Math.max(LEAST_LENGTH, worked * MOST_PAUSE);
  // The position at which each part begins on the shortened line.
  let length = 0;
  const placed = parts.map(({ from, to }, n) => {
    const pause = from - (parts[n - 1]?.to ?? from);
    length += Math.min(pause, most);
    const start = length;
    length += to - from;
    return { from, to, start, pause, shown: Math.min(pause, most) };
  });
  const whole = Math.max(length, 1);
  const percent = (along: number): number => Math.round((Math.min(Math.max(along, 0), whole) / whole) * 10_000) / 100;
  return {
    begin,
    end,
    cuts: placed
      .filter(({ pause, shown }) => pause > shown)
      .map(({ start, shown, pause }) => ({ at: percent(start - shown / 2), ms: pause })),
    at: (ms) => {
      const next = placed.find(({ to }) => ms <= to);
      if (next === undefined) return 100;
      if (ms >= next.from) return percent(next.start + ms - next.from);
      const share = next.pause === 0 ? 0 : (next.from - ms) / next.pause;
      return percent(next.start - share * next.shown);
    },
  };
};
