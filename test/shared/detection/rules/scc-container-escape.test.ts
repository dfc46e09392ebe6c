import { sccContainerEscape } from '../../../../shared/detection/rules/scc-container-escape.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-container-escape', () => {
  sccCases(sccContainerEscape, {
    fires: [
      ['an escape', { category: 'Execution: Container Escape' }, { severity: 'high', confidence: 0.8 }],
      ['pods named like tools', { category: 'GKE_SUSPICIOUS_EXPLOIT_POD' }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [['a finding of a name that is only like one of its own', { category: 'Execution: Container Started' }]],
  });
});
