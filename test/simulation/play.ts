import { simulate } from './simulate.ts';

// Plays seeds: `node play.ts FROM SEEDS` stops at the first broken invariant, `node play.ts FROM SEEDS all` plays every
// seed. Prints the result as JSON on one line: `{seeds, runs, broken: [{seed, broken}]}`.
const [from = 1, seeds = 100] = process.argv.slice(2, 4).map(Number);
const all = process.argv[4] === 'all';
const played = { seeds: 0, runs: 0, broken: [] as { seed: number; broken: string[] }[] };
for (let seed = from; seed < from + seeds && (all || played.broken.length === 0); seed += 1) {
  played.seeds += 1;
  try {
    const { broken, runs } = await simulate(seed);
    played.runs += runs;
    if (broken.length > 0) played.broken.push({ seed, broken });
  } catch (thrown) {
    played.broken.push({ seed, broken: [`the play ended with ${String(thrown)}`] });
  }
}
// Exits explicitly, because promises of processes that died never settle.
process.stdout.write(`${JSON.stringify(played)}\n`, () => process.exit(0));
