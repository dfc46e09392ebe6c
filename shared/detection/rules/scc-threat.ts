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
  title: 'Other threat, by Security Command Center',
  sees: 'Any other active finding of class THREAT, at the severity that it says of itself.',
  why: 'New detectors appear without notice: what they see must not be lost.',
  technique: [{ id: 'T1078', name: 'Valid Accounts' }],
  severity: 'critical',
  confidence: 0.65,
  family: 'threat-feed',
  falsePositives: ['As the detector has'],
  example: 'Brute Force: SSH on a VM',
  match: (signal) => {
    const { severity = 'low' } = signal;
    return { severity, confidence: CONFIDENCE[severity], because: [reported(signal)] };
  },
};
