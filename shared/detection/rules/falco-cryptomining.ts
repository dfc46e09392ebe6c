import { minerIn } from '../miner.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf, reported } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'critical',
    confidence: 0.92,
    conclusive: true,
    names: ['Detect crypto miners using the Stratum protocol'],
  },
  {
    severity: 'critical',
    confidence: 0.9,
    names: ['Known Cryptominer Process Executed', 'Cryptominer process executed'],
  },
  { severity: 'high', confidence: 0.8, names: ['Detect outbound connections to common miner pool ports'] },
]);

/** Falco saw a miner: by its network protocol, its name, or its command line. */
export const falcoCryptomining: ThreatRule = {
  id: 'falco-cryptomining',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: mining',
  sees: "An alert of Falco's rules about miners, and any alert whose process has the command line of a miner. The mining protocol, and such a command line, are conclusive.",
  why: 'Mining in a workload with another purpose steals computing time, and shows that somebody else controls the workload.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'critical',
  confidence: 0.95,
  family: 'threat-feed',
  conclusive: true,
  falsePositives: ['Companies that mine on purpose', 'Lookups of a pool by scanners and researchers'],
  example: 'Detect crypto miners using the Stratum protocol in pod shop/cart-7d9f',
  match: (signal) => {
    const [line = ''] = signal.commands;
    const seen = minerIn(line);
    if (seen?.certain !== true) return sightingOf(signal);
    const because = [reported(signal), `the process ${seen.what}`];
    return { severity: 'critical', confidence: 0.95, conclusive: true, because };
  },
};
