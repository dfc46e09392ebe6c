import { FETCHED, raisedByFetch } from '../fetched-in-alert.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'medium',
    confidence: 0.45,
    names: ['Unexpected Child Shell', 'Execution: Unexpected Child Shell'],
  },
  {
    severity: 'medium',
    confidence: 0.35,
    names: [
      'Added Binary Executed',
      'Added Library Loaded',
      'Execution: Added Binary Executed',
      'Execution: Added Library Loaded',
    ],
  },
]);

/** Security Command Center saw a program run that was not part of the image, or a shell where none is expected. */
export const sccUnexpectedBinary: ThreatRule = {
  id: 'scc-unexpected-binary',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: unexpected program',
  sees: `A finding about a binary or library that was added to a running container, or about a shell started by a program that normally starts none; ${FETCHED} if a process of it fetches something from a bare public address to keep or run it.`,
  why: 'Attackers bring their own tools. Containers that update themselves do the same, so alone this is weak evidence.',
  technique: [{ id: 'T1105', name: 'Ingress Tool Transfer' }],
  severity: 'medium',
  confidence: FETCHED,
  family: 'threat-feed',
  falsePositives: ['Containers that install packages when they start', 'Runtimes that write compiled code'],
  example: 'Added Binary Executed in pod shop/cart-7d9f',
  match: (signal) => raisedByFetch(signal, sightingOf(signal)),
};
