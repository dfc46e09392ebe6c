import { callRule } from '../call-rule.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { EXECS, execOf } from '../exec.ts';
import { minerIn } from '../miner.ts';

/** A command, run in a container through the API, that starts a miner. */
export const execMiner = callRule({
  id: 'exec-miner',
  title: 'Cryptocurrency miner started in a pod',
  sees: 'An exec whose command starts a known miner, takes options that only miners take, or connects to a mining pool. A command that only names the protocol of pools, has options like those of miners, or copies, renames or allows to run a miner, counts for less (medium 0.45). Commands that only search for miners do not count.',
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
  match: (signal) => {
    const exec = execOf(signal);
    const seen = exec?.line === undefined ? undefined : minerIn(exec.line);
    if (exec === undefined || seen === undefined) return undefined;
    return {
      ...aboutCall(signal),
      because: [
        `${shownCaller(signal)} ran a command in ${shownObject(signal)} that ${seen.what}`,
        `the command is ${exec.shown}`,
      ],
      ...(seen.certain ? {} : { severity: 'medium', confidence: 0.45, conclusive: false }),
    };
  },
});
