import type { Severity } from '../../model/ids.ts';
import type { ThreatRule } from '../rule.ts';
import { reported } from '../threat-claims.ts';

/**
 * Claims by priority. They are low: the author of a Falco rule sets its priority, and any rule may be the user's own.
 */
const CLAIMS: Readonly<Record<Severity, { severity: Severity; confidence: number }>> = {
  critical: { severity: 'high', confidence: 0.6 },
  high: { severity: 'medium', confidence: 0.55 },
  medium: { severity: 'medium', confidence: 0.45 },
  low: { severity: 'low', confidence: 0.35 },
};
const UNSAID = { severity: 'low', confidence: 0.2 } as const;

/** An alert of Falco that none of our other rules rates. */
export const falcoAlert: ThreatRule = {
  id: 'falco-alert',
  reads: 'threat',
  feed: 'falco',
  names: [],
  last: true,
  title: 'Other alert, by Falco',
  sees: 'Any other alert of Falco, by its priority: Emergency, Alert and Critical count as high, Error and Warning as medium, the rest as low.',
  why: 'Rules of your own, and new ones of Falco, must not be lost.',
  technique: [{ id: 'T1059', name: 'Command and Scripting Interpreter' }],
  severity: 'high',
  confidence: 0.6,
  family: 'threat-feed',
  falsePositives: ['As the rule has'],
  example: 'A rule of your own with priority Critical, in pod shop/cart-7d9f',
  match: (signal) => ({
    ...(signal.severity === undefined ? UNSAID : CLAIMS[signal.severity]),
    because: [reported(signal)],
  }),
};
