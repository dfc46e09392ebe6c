import { simulate } from './simulate.ts';

// Plays seeds: `node play.ts FROM SEEDS` until one breaks an invariant, with `all` every one of them. Prints what was
// played as JSON on one line: `{seeds, runs, broken: [{seed, broken}]}`.
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
// Promises of the processes that died never settle: they must not keep this one waiting.
process.stdout.write(`${JSON.stringify(played)}\n`, () => process.exit(0));
