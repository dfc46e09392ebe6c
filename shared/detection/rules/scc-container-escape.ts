import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.8,
    names: ['Execution: Container Escape', 'Privilege Escalation: Fileless Execution in /dev/shm'],
  },
  {
    severity: 'high',
    confidence: 0.75,
    names: [
      'Execution: Kubernetes Attack Tool Execution',
      'Execution: Possible Arbitrary Command Execution through CUPS (CVE-2024-47177)',
      'Execution: Possible Arbitrary Command Execution through CUPS (CVE-2024-47076)',
      'Execution: Fileless Execution in Memory',
      'Execution: Fileless Execution in /memfd:',
    ],
  },
  {
    severity: 'medium',
    confidence: 0.6,
    names: [
      'Privilege Escalation: Suspicious Kubernetes Container Names - Exploitation and Escape',
      'GKE_SUSPICIOUS_EXPLOIT_POD',
      'Execution: Local Reconnaissance Tool Execution',
    ],
  },
]);

/** Security Command Center saw a way out of a container being tried, or the tools for it. */
export const sccContainerEscape: ThreatRule = {
  id: 'scc-container-escape',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: container escape or attack tool',
  sees: 'A finding about a process that tries to leave its container, runs only from memory, or is a tool for attacking clusters; or about pods named like such tools.',
  why: 'Outside its container, an attacker controls the node and every pod on it.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'high',
  confidence: 0.8,
  family: 'threat-feed',
  falsePositives: ['Penetration tests', 'Debugging of nodes'],
  example: 'Execution: Container Escape in pod shop/cart-7d9f',
  match: sightingOf,
};
