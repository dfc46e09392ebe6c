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
  title: 'Call through an anonymizing network, by Security Command Center',
  sees: 'A finding about a call that succeeded and came from an exit of Tor, or from another network that hides who calls.',
  why: 'Operators have no reason to hide from their own cluster. Their stolen credentials are used so.',
  technique: [{ id: 'T1090.003', name: 'Proxy: Multi-hop Proxy' }],
  severity: 'high',
  confidence: 0.85,
  family: 'threat-feed',
  falsePositives: ['People who use such a network for privacy'],
  example: 'Initial Access: Successful API call made from a TOR proxy IP',
  match: sightingOf,
};
