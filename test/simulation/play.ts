import { simulate } from './simulate.ts';

// Plays seeds until one breaks an invariant: `node play.ts FROM SEEDS`. Prints the outcome as JSON on one line.
const [from = 1, seeds = 100] = process.argv.slice(2).map(Number);
let found: { seed: number; broken: string[] } | undefined;
for (let seed = from; seed < from + seeds && found === undefined; seed += 1) {
  try {
    const { broken } = await simulate(seed);
    if (broken.length > 0) found = { seed, broken };
  } catch (thrown) {
    found = { seed, broken: [`the play ended with ${String(thrown)}`] };
  }
}
console.log(JSON.stringify(found ?? null));
process.exit(0);
