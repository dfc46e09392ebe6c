import { sccSystemComponents } from '../../../../shared/detection/rules/scc-system-components.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-system-components', () => {
  sccCases(sccSystemComponents, {
    fires: [
      [
        'an exec in kube-system',
        { category: 'Execution: Suspicious Exec or Attach to a System Pod (Preview)' },
        { severity: 'high', confidence: 0.75 },
      ],
      ['the cluster DNS', { category: 'GKE_KUBE_DNS_MODIFICATION' }, { severity: 'high', confidence: 0.7 }],
    ],
    misses: [['a finding of a name that is only like one of its own', { category: 'GKE_POD_CREATED' }]],
  });
});
