import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { flagsOf, wholeNumber } from './flags.ts';

// Plays seeds of the deterministic simulation, several at once: `npm run simulate-faults -- --seeds N --from S`. The
// last line counts seeds, runs and broken invariants; exit 1 if any is broken. To replay a seed exactly: `--from SEED
// --seeds 1`.

const PLAY = fileURLToPath(new URL('../test/simulation/play.ts', import.meta.url));
// The number of seeds for one process: starting a process takes as long as ten seeds.
const CHUNK = 250;
const played = z.object({
  seeds: z.number(),
  runs: z.number(),
  broken: z.array(z.object({ seed: z.number(), broken: z.array(z.string()) })),
});

const { values } = flagsOf('simulate-faults', {
  options: { seeds: { type: 'string', default: '20000' }, from: { type: 'string', default: '1' } },
});
const seeds = wholeNumber('simulate-faults', 'seeds', values.seeds, 9);
const from = wholeNumber('simulate-faults', 'from', values.from, 9);

const total = { seeds: 0, runs: 0, broken: 0 };
let next = from;

const playChunk = async (first: number, count: number): Promise<void> => {
  const { stdout } = await promisify(execFile)(process.execPath, [PLAY, String(first), String(count), 'all']);
  const chunk = played.parse(JSON.parse(stdout));
  total.seeds += chunk.seeds;
  total.runs += chunk.runs;
  for (const { seed, broken } of chunk.broken) {
    total.broken += broken.length;
    for (const sentence of broken) console.log(`seed ${seed}: ${sentence}`);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${total.seeds} of ${seeds} seeds `);
  else if (total.seeds % (CHUNK * 8) === 0) process.stderr.write(`${total.seeds} of ${seeds} seeds\n`);
};

const worker = async (): Promise<void> => {
  while (next < from + seeds) {
    const first = next;
    const count = Math.min(CHUNK, from + seeds - first);
    next += count;
    await playChunk(first, count);
  }
};

await Promise.all(Array.from({ length: availableParallelism() }, worker));
if (process.stderr.isTTY) process.stderr.write('\n');
console.log(`${total.seeds} seeds, ${total.runs} runs, ${total.broken} broken invariants`);
process.exit(total.broken === 0 ? 0 : 1);
