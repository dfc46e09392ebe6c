import type { Severity } from '../../model/ids.ts';
import type { ThreatRule } from '../rule.ts';
import { reported } from '../threat-claims.ts';

const CONFIDENCE: Readonly<Record<Severity, number>> = { low: 0.4, medium: 0.5, high: 0.6, critical: 0.65 };

/** A threat of Security Command Center that none of our other rules rates. */
export const sccThreat: ThreatRule = {
  id: 'scc-threat',
  reads: 'threat',
  feed: 'security-command-center',
  names: [],
  last: true,
  title: 'Security Command Center: other threat',
  sees: 'Any other active finding of class THREAT, with the severity that it states.',
  why: 'New detectors appear without notice, and their findings must not be lost.',
  technique: [{ id: 'T1078', name: 'Valid Accounts' }],
  severity: 'critical',
  confidence: 0.65,
  family: 'threat-feed',
  falsePositives: ['Those of the detector'],
  example: 'Brute Force: SSH on a VM',
  match: (signal) => {
    const { severity = 'low' } = signal;
    return { severity, confidence: CONFIDENCE[severity], because: [reported(signal)] };
  },
};
