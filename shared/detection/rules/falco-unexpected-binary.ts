import { FETCHED, raisedByFetch } from '../fetched-in-alert.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.7,
    names: ['Fileless execution via memfd_create', 'Execution from /dev/shm'],
  },
  // Every build in a container gives these, and mostly in a pod with access to its node.
  {
    severity: 'medium',
    confidence: 0.5,
    names: [
      'Drop and execute new binary in container',
      'Container Drift Detected (chmod)',
      'Container Drift Detected (open+create)',
      'Launch Package Management Process in Container',
      'Launch Ingress Remote File Copy Tools in Container',
    ],
  },
]);

/** Falco saw a program run that was not part of the image. */
export const falcoUnexpectedBinary: ThreatRule = {
  id: 'falco-unexpected-binary',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: unexpected program',
  sees: `An alert of Falco's rules about programs that were added to a running container (medium ${FETCHED} if the process, or its parent, fetches something from a bare public address to keep or run it), or run from memory.`,
  why: 'Attackers bring their own tools, and hide them by not writing them to disk. Containers that update themselves also add programs.',
  technique: [
    { id: 'T1105', name: 'Ingress Tool Transfer' },
    { id: 'T1620', name: 'Reflective Code Loading' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'threat-feed',
  falsePositives: ['Containers that install packages when they start', 'Runtimes that write compiled code'],
  example: 'Drop and execute new binary in container in pod shop/cart-7d9f',
  match: (signal) => raisedByFetch(signal, sightingOf(signal)),
};
