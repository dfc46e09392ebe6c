import { AS_DEPLOYED, type Outcome, playOutbreak } from '../test/simulation/outbreak/outbreak.ts';
import { flagsOf, wholeNumber } from './flags.ts';
import { seconds } from './steps.ts';

// Plays one attack on many clusters of a project at once, against the quotas and instances of one deployment, in
// virtual time: `npm run simulate-outbreak -- --clusters N [--per-minute Q] [--json]`. Exit 1 if a cluster was not
// contained, or a message became a dead letter.

const { values } = flagsOf('simulate-outbreak', {
  options: {
    clusters: { type: 'string', default: '100' },
    'per-minute': { type: 'string', default: String(AS_DEPLOYED.perMinute) },
    json: { type: 'boolean', default: false },
  },
});
const clusters = wholeNumber('simulate-outbreak', 'clusters', values.clusters, 6);
const perMinute = wholeNumber('simulate-outbreak', 'per-minute', values['per-minute'], 6);

const show = ({ firstChange, podCut, nodeCut, doneMs, calls, noInstance, writes, deadLetters }: Outcome): void => {
  for (const [what, { count, median, p95, most }] of Object.entries({
    'first change': firstChange,
    'pod cut off': podCut,
    'node cut off': nodeCut,
  }))
    console.log(
      `${what.padEnd(13)} in ${count} of ${clusters} clusters, from its finding: median ${seconds(median)}, 95 % ${seconds(p95)}, last ${seconds(most)}`,
    );
  const waited = Object.values(noInstance).reduce((sum, n) => sum + n, 0);
  console.log(
    `all done after ${seconds(doneMs)}; ${calls.made} calls of Compute Engine, ${calls.refused} refused by its quota`,
  );
  console.log(
    `${writes.all} writes, at most ${writes.perSecond} in one second and ${writes.hottest.perSecond} to one document of ${writes.hottest.collection}`,
  );
  console.log(`${waited} deliveries found no instance in time; ${deadLetters} dead letters`);
};

let told = performance.now();
const outcome = await playOutbreak({ ...AS_DEPLOYED, clusters, perMinute }, (ms, done) => {
  if (performance.now() - told < 2000) return;
  told = performance.now();
  process.stderr.write(`${seconds(ms)} played: ${done} of ${clusters} clusters done\n`);
});
if (values.json) console.log(JSON.stringify(outcome));
else show(outcome);
process.exit(outcome.states.contained === clusters && outcome.deadLetters === 0 ? 0 : 1);
