import { sccAnonymizingNetwork } from '../../../../shared/detection/rules/scc-anonymizing-network.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-anonymizing-network', () => {
  sccCases(sccAnonymizingNetwork, {
    fires: [['an exit of Tor', { category: 'GKE_TOR_PROXY_IP_REQUEST' }, { severity: 'high', confidence: 0.85 }]],
    misses: [
      ['a finding of a name that is only like one of its own', { category: 'Initial Access: Successful API call' }],
    ],
  });
});
