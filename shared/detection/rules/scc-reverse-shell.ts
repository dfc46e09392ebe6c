import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'critical',
    confidence: 0.85,
    names: [
      'Reverse Shell',
      'Execution: Reverse Shell',
      'Execution: Kubernetes Pod Created with Potential Reverse Shell Arguments',
      'GKE_REVERSE_SHELL_POD',
      'Execution: Netcat Remote Code Execution In Container',
    ],
  },
]);

/** Security Command Center saw a shell that is tied to a connection. */
export const sccReverseShell: ThreatRule = {
  id: 'scc-reverse-shell',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: reverse shell',
  sees: 'A finding about a process whose input and output are a network connection, or about a pod with the arguments of a reverse shell.',
  why: 'Somebody elsewhere types commands in the container.',
  technique: [
    { id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' },
    { id: 'T1095', name: 'Non-Application Layer Protocol' },
  ],
  severity: 'critical',
  confidence: 0.85,
  family: 'threat-feed',
  falsePositives: ['Penetration tests', 'Programs that connect a socket to a child process by design'],
  example: 'Reverse Shell in pod shop/cart-7d9f',
  match: sightingOf,
};
