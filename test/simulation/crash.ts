import { TIERS } from '../../shared/model/ids.ts';
import { crashAnywhere, crashInRelease } from './crashes.ts';

// Lets contain die at every call: `node crash.ts TIER`, or `node crash.ts released`. Exit 1, with the assertion, if that
// makes a difference.
const what = process.argv[2];
const tier = TIERS.find((one) => one === what);
if (tier === undefined && what !== 'released') throw new Error(`crash.ts: ${what} is not a tier`);
await (tier === undefined ? crashInRelease() : crashAnywhere(tier));
// Exits explicitly, because promises of processes that died never settle.
process.exit(0);
