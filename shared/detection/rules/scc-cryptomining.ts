import { minerIn } from '../miner.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf, reported } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'critical',
    confidence: 0.98,
    conclusive: true,
    names: ['Execution: cryptocurrency mining combined detection'],
  },
  {
    severity: 'critical',
    confidence: 0.95,
    conclusive: true,
    names: ['Execution: Cryptocurrency Mining Hash Match'],
  },
  {
    severity: 'critical',
    confidence: 0.92,
    conclusive: true,
    names: ['Impact: Suspicious crypto mining activity using the Stratum Protocol'],
  },
  { severity: 'critical', confidence: 0.85, names: ['Execution: Cryptocurrency Mining YARA Rule'] },
  {
    severity: 'high',
    confidence: 0.8,
    names: [
      'Malware: Cryptomining Bad Domain',
      'Malware: Cryptomining Bad IP',
      'Impact: Detect crypto miners',
      'Impact: Cryptomining Commands',
      'Execution: Cryptomining Docker Image',
    ],
  },
  {
    severity: 'high',
    confidence: 0.55,
    names: ['Impact: Suspicious Kubernetes Container Names - Cryptocurrency Mining', 'GKE_SUSPICIOUS_CRYPTOMINING_POD'],
  },
]);

/** Security Command Center saw mining, in memory, in traffic or by name. */
export const sccCryptomining: ThreatRule = {
  id: 'scc-cryptomining',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: mining',
  sees: 'A finding of VM, Container or Event Threat Detection about a miner, and any finding with a process that has the command line of a miner. The hash of a known miner, the mining protocol, and such a command line are conclusive; a pool in DNS or traffic, and a name, are not.',
  why: 'Its detectors inspect the memory and the traffic of machines, which no audit log shows.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'critical',
  confidence: 0.98,
  family: 'threat-feed',
  conclusive: true,
  falsePositives: ['Companies that mine on purpose', 'Lookups of a pool by scanners and researchers'],
  example: 'Execution: Cryptocurrency Mining Hash Match on the VM of a node',
  match: (signal) => {
    const named = sightingOf(signal);
    const seen = signal.commands.map(minerIn).find((miner) => miner?.certain === true);
    if (seen === undefined || named?.conclusive === true) return named;
    const because = [reported(signal), `a process ${seen.what}`];
    return { severity: 'critical', confidence: 0.95, conclusive: true, because };
  },
};
