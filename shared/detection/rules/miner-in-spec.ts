import { quote } from '../../text.ts';
import { minerInContainer, minerInName, wordOfMinersIn } from '../miner-in-spec.ts';
import { objectNameOf } from '../object-names.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload whose purpose is to mine. */
export const minerInSpec = podRule({
  id: 'miner-in-spec',
  title: 'Cryptocurrency miner in a workload',
  sees: 'A container whose command, arguments, hooks, probes or variables start a miner, take options that only miners take, or name a mining pool or the wallet to mine for (conclusive); whose image has the name of a miner (0.80); or a workload that only has such a name, or only what miners have and others too: the protocol of pools, a wallet in a variable, options like theirs, a miner that is renamed (0.55).',
  why: 'Most intruders in clusters mine first. The computing time is stolen, and whoever deployed this can deploy anything.',
  technique: [
    { id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' },
    { id: 'T1610', name: 'Deploy Container' },
    { id: 'T1204.003', name: 'User Execution: Malicious Image' },
  ],
  severity: 'critical',
  confidence: 0.95,
  family: 'spec',
  conclusive: true,
  falsePositives: ['Security training', 'Companies that mine on purpose', 'Blockchain nodes'],
  evident: true,
  example: 'kubectl create deployment web --image=busybox -- ./app -o stratum+tcp://pool.example.com:3333',
  look: ({ containers }, signal) => {
    const run = containers.flatMap((one) => minerInContainer(one) ?? []);
    if (run.length > 0) return sightingFor(run);
    const images = containers.flatMap(({ image }) => (image !== undefined && minerInName(image) ? [image] : []));
    if (images.length > 0) {
      const because = images.map((image) => `its image ${quote(image, 255)} is named like a miner`);
      return sightingFor(because, { confidence: 0.8, conclusive: false });
    }
    const names = [objectNameOf(signal) ?? '', ...containers.map(({ name }) => name)].filter(minerInName);
    const words = containers.flatMap((one) => wordOfMinersIn(one) ?? []);
    const because = [...names.map((name) => `it is named ${quote(name, 253)}, like a miner`), ...words];
    return sightingFor(because, { confidence: 0.55, conclusive: false });
  },
});
