import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.85,
    names: ['Initial Access: Successful API call made from a TOR proxy IP', 'GKE_TOR_PROXY_IP_REQUEST'],
  },
  { severity: 'medium', confidence: 0.6, names: ['Evasion: Access from Anonymizing Proxy'] },
]);

/** Security Command Center saw a call come through a network that hides its callers. */
export const sccAnonymizingNetwork: ThreatRule = {
  id: 'scc-anonymizing-network',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: call via anonymizing network',
  sees: 'A finding about a successful call from a Tor exit node, or from another network that hides the caller.',
  why: 'Operators have no reason to hide from their own cluster. Stolen credentials are used this way.',
  technique: [{ id: 'T1090.003', name: 'Proxy: Multi-hop Proxy' }],
  severity: 'high',
  confidence: 0.85,
  family: 'threat-feed',
  falsePositives: ['People who use such a network for privacy'],
  example: 'Initial Access: Successful API call made from a TOR proxy IP',
  match: sightingOf,
};
