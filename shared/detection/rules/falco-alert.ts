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
  title: 'Falco: other alert',
  sees: 'Any other alert of Falco, rated by its priority: Emergency, Alert and Critical count as high, Error and Warning as medium, the rest as low.',
  why: 'Custom rules, and new rules of Falco, must not be lost.',
  technique: [{ id: 'T1059', name: 'Command and Scripting Interpreter' }],
  severity: 'high',
  confidence: 0.6,
  family: 'threat-feed',
  falsePositives: ['Those of the Falco rule'],
  example: 'A custom rule with priority Critical, in pod shop/cart-7d9f',
  match: (signal) => ({
    ...(signal.severity === undefined ? UNSAID : CLAIMS[signal.severity]),
    because: [reported(signal)],
  }),
};
