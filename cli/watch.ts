import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf, Transient } from '../shared/errors.ts';
import { counted, plain } from '../shared/text.ts';
import { widthOf } from '../shared/views/visible.ts';
import type { Io } from './io.ts';
import { paletteOf } from './palette.ts';

/**
 * The present text, and a revision that tells whether it has changed. `top`: where not all of it fits, that many first
 * lines are shown and then its end, where the newest is; else only its beginning.
 */
export type Look = { text: string; revision: string; top?: number };

const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';
const CLEAR = '\u001b[2J';

/** How many times in a row a look may fail before the watch ends. */
const PATIENCE = 10;

/** Rows of the screen that a line takes up: the terminal wraps what is longer than its width. */
const rowsOf = (line: string, columns: number): number => Math.max(1, Math.ceil(widthOf(line) / columns));

/** As many of the lines as fit in `room` rows, from the first one on. */
const fitting = (lines: readonly string[], room: number, columns: number): string[] => {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += rowsOf(line, columns);
    return used > room;
  });
  return end === -1 ? [...lines] : lines.slice(0, end);
};

/** The lines that fit, with a line in the place of the others that counts them. */
const cut = (lines: readonly string[], { rows, columns }: Io, top: number | undefined): string[] => {
  // The last row stays free for the cursor; the one above it holds what is said below the text.
  const room = Math.max(1, rows - 2);
  if (rows === 0 || fitting(lines, room, columns).length === lines.length) return [...lines];
  const first = fitting(top === undefined ? lines : lines.slice(0, top), room - 1, columns);
  const used = first.reduce((sum, line) => sum + rowsOf(line, columns), 0);
  const last =
    top === undefined ? [] : fitting(lines.slice(first.length).toReversed(), room - 1 - used, columns).toReversed();
  const count = lines.length - first.length - last.length;
  return [...first, `… ${counted(count, 'more line')}`, ...last];
};

/** As many lines as fit, drawn over the previous ones, since clearing the screen would flicker. */
const frame = (io: Io, { text, top }: Pick<Look, 'text' | 'top'>, said: string): string =>
  `${HOME}${[...cut(text.split('\n'), io, top), paletteOf(io).dim(said)].map((line) => `${line}${END_OF_LINE}`).join('\n')}\n${BELOW}`;

/**
 * Looks again and again, until Ctrl-C. On a terminal the screen is redrawn each time, so that ages stay correct.
 * Elsewhere, and with `lines`, the text is written only when it has changed. A passing read error is reported and tried
 * again.
 */
export const watch = async (
  io: Io,
  options: { everyMs: number; lines: boolean; look(): Promise<Look> },
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<never> => {
  const draws = io.isTTY && !options.lines;
  let before: Look | undefined;
  let failures = 0;
  if (draws) io.stdout.write(CLEAR);
  for (;;) {
    try {
      const now = await options.look();
      failures = 0;
      if (draws) io.stdout.write(frame(io, now, 'Ctrl-C ends this'));
      else if (now.revision !== before?.revision) io.stdout.write(`${now.text}\n`);
      before = now;
    } catch (thrown) {
      failures += 1;
      if (!(thrown instanceof Transient) || failures > PATIENCE) throw thrown;
      const said = `cannot be read for now (try ${failures}): ${plain(sentenceOf(thrown), 200)}`;
      if (draws) io.stdout.write(frame(io, before ?? { text: '' }, said));
      else io.stderr.write(`${said}\n`);
    }
    await pause(options.everyMs);
  }
};
