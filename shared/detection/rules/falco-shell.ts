import { FETCHED, raisedByFetch } from '../fetched-in-alert.ts';
import type { ThreatRule } from '../rule.ts';
import { claimsOf, RETOLD } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'medium',
    confidence: 0.45,
    names: ['Run shell untrusted', 'System user interactive', 'Shell spawned by untrusted binary'],
  },
  // Whoever opens one does so by an exec or an attachment, which our own rules rate.
  { ...RETOLD, names: ['Terminal shell in container', 'Attach/Exec Pod'] },
]);

/** Falco saw somebody at a shell. */
export const falcoShell: ThreatRule = {
  id: 'falco-shell',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: shell in a container',
  sees: `An alert of Falco's rules about a shell that a program started which normally starts none (${FETCHED} if it fetches something from a bare public address to keep or run it); or about a shell with a terminal in a container (${RETOLD.confidence}), since the exec behind it is rated by itself.`,
  why: 'Whoever has a shell in a pod has its service account, its secrets and its network. Most such shells are debugging, so one alone is only watched and adds weight to other evidence.',
  technique: [{ id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' }],
  severity: 'medium',
  confidence: FETCHED,
  family: 'threat-feed',
  falsePositives: ['Debugging by operators', 'Probes that run a script'],
  example: 'Terminal shell in container in pod shop/cart-7d9f',
  match: (signal) => raisedByFetch(signal, sightingOf(signal)),
};
