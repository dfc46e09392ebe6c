import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf, Transient } from '../shared/errors.ts';
import { plain } from '../shared/text.ts';
import type { Io } from './io.ts';
import { paletteOf } from './palette.ts';

/** The present text, and a revision that tells whether it has changed. */
export type Look = { text: string; revision: string };

const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';
const CLEAR = '\u001b[2J';

/** How many times in a row a look may fail before the watch ends. */
const PATIENCE = 10;

/** As many lines as fit, drawn over the previous ones, since clearing the screen would flicker. */
const frame = (io: Io, text: string, said: string): string => {
  const lines = text.split('\n');
  // The last line stays free for the cursor; the one above it holds `said`.
  const room = io.rows === 0 ? lines.length : Math.max(1, io.rows - 2);
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`];
  return `${HOME}${[...shown, paletteOf(io).dim(said)].map((line) => `${line}${END_OF_LINE}`).join('\n')}\n${BELOW}`;
};

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
      if (draws) io.stdout.write(frame(io, now.text, 'Ctrl-C ends this'));
      else if (now.revision !== before?.revision) io.stdout.write(`${now.text}\n`);
      before = now;
    } catch (thrown) {
      failures += 1;
      if (!(thrown instanceof Transient) || failures > PATIENCE) throw thrown;
      const said = `cannot be read for now (try ${failures}): ${plain(sentenceOf(thrown), 200)}`;
      if (draws) io.stdout.write(frame(io, before?.text ?? '', said));
      else io.stderr.write(`${said}\n`);
    }
    await pause(options.everyMs);
  }
};
