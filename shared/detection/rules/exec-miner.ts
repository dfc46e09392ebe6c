import { callRule } from '../call-rule.ts';
import { EXECS, seenInCommand } from '../exec.ts';
import { minerIn } from '../miner.ts';

const LESSER = { severity: 'medium', confidence: 0.45, conclusive: false } as const;

/** A command, run in a container through the API, that starts a miner. */
export const execMiner = callRule({
  id: 'exec-miner',
  title: 'Cryptocurrency miner started in a pod',
  sees: 'An exec whose command starts a known miner, takes options that only miners take, or connects to a mining pool. A command that only names the protocol of pools, has options like those of miners, sets the registers of the processor as they do, or copies, renames or allows to run a miner, counts for less (medium 0.45). Commands that only search for miners do not count.',
  why: 'Mining in a workload with another purpose steals computing time, and shows that somebody else controls the workload.',
  technique: [
    { id: 'T1609', name: 'Container Administration Command' },
    { id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' },
  ],
  severity: 'critical',
  confidence: 0.95,
  family: 'exec',
  conclusive: true,
  falsePositives: ['Security training', 'Companies that mine on purpose'],
  calls: EXECS,
  evenFailed: true,
  example: "kubectl exec -n shop cart-7d9f -- sh -c './xmrig -o pool.example.com:3333 -u wallet'",
  match: (signal) => seenInCommand(signal, minerIn, LESSER),
});
