import { reverseShellIn } from '../reverse-shell.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf, reported } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'critical',
    confidence: 0.85,
    names: [
      'Reverse Shell',
      'Execution: Reverse Shell',
      'Execution: Kubernetes Pod Created with Potential Reverse Shell Arguments',
      'GKE_REVERSE_SHELL_POD',
      'Execution: Socat Reverse Shell Detected',
    ],
  },
  { severity: 'high', confidence: 0.7, names: ['Execution: Possible Remote Command Execution Detected'] },
  // Its detector asks for netcat alone, with which people also probe ports.
  { severity: 'medium', confidence: 0.55, names: ['Execution: Netcat Remote Code Execution In Container'] },
]);

/** Security Command Center saw a shell that is tied to a connection. */
export const sccReverseShell: ThreatRule = {
  id: 'scc-reverse-shell',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: reverse shell',
  sees: 'A finding about a process whose input and output are a network connection, or about a pod with the arguments of a reverse shell; and any finding with a process that has the command line of one, which is conclusive (high 0.90). Netcat alone counts medium 0.55.',
  why: 'Somebody elsewhere types commands in the container.',
  technique: [
    { id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' },
    { id: 'T1095', name: 'Non-Application Layer Protocol' },
  ],
  severity: 'critical',
  confidence: 0.9,
  conclusive: true,
  family: 'threat-feed',
  falsePositives: ['Penetration tests', 'Programs that connect a socket to a child process by design'],
  example: 'Reverse Shell in pod shop/cart-7d9f',
  match: (signal) => {
    const seen = signal.commands.map(reverseShellIn).find((shell) => shell?.certain === true);
    if (seen === undefined) return sightingOf(signal);
    const because = [reported(signal), `by the command line of a process ${seen.what}`];
    return { severity: 'high', confidence: 0.9, conclusive: true, because };
  },
};
