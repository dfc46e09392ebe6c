import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.8,
    names: [
      'Detect release_agent File Container Escapes',
      'Debugfs Launched in Privileged Container',
      'Linux Kernel Module Injection Detected',
      'Backdoored library loaded into SSHD (CVE-2024-3094)',
    ],
  },
  {
    severity: 'high',
    confidence: 0.7,
    names: [
      'Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)',
      'Sudo Potential Privilege Escalation',
      'PTRACE attached to process',
    ],
  },
  // Builds in containers, and drivers of storage and networks, do this all day, in pods with access to their node.
  {
    severity: 'medium',
    confidence: 0.5,
    names: [
      'Mount Launched in Privileged Container',
      'Change namespace privileges via unshare',
      'The docker client is executed in a container',
    ],
  },
  {
    severity: 'medium',
    confidence: 0.55,
    names: [
      'Launch Suspicious Network Tool in Container',
      'Create Symlink Over Sensitive Files',
      'Create Hardlink Over Sensitive Files',
    ],
  },
  // Network agents do this all the time, and whoever looks into a new one is there for the first time.
  { severity: 'medium', confidence: 0.15, names: ['Change thread namespace'] },
]);

/** Falco saw a process leave its container, or prepare to. */
export const falcoContainerEscape: ThreatRule = {
  id: 'falco-container-escape',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: container escape',
  sees: "An alert of Falco's rules about container escapes and escalation to root: kernel modules, release agents, mounted devices, changed namespaces, traced processes.",
  why: 'Outside its container, an attacker controls the node and every pod on it.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1068', name: 'Exploitation for Privilege Escalation' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'threat-feed',
  falsePositives: ['Storage and network agents', 'Debuggers', 'Container builds inside containers'],
  example: 'Detect release_agent File Container Escapes in pod shop/cart-7d9f',
  match: sightingOf,
};
