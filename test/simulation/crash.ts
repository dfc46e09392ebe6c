import { TIERS } from '../../shared/model/ids.ts';
import { crashAnywhere, crashInRelease } from './crashes.ts';

// Lets contain die at every call: `node crash.ts TIER`, or `node crash.ts released`. Exit 1, with the assertion, if
// that makes a difference.
const goal = process.argv[2];
const tier = TIERS.find((one) => one === goal);
if (tier === undefined && goal !== 'released') throw new Error(`crash.ts: ${goal} is neither a tier nor "released"`);
await (tier === undefined ? crashInRelease() : crashAnywhere(tier));
// Exits explicitly, because promises of processes that died never settle.
process.exit(0);
