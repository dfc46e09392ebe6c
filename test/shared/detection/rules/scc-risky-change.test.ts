import { sccRiskyChange } from '../../../../shared/detection/rules/scc-risky-change.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-risky-change', () => {
  sccCases(sccRiskyChange, {
    fires: [
      ['a host path', { category: 'GKE_SENSITIVE_HOSTPATH' }, { severity: 'low', confidence: 0.4 }],
      [
        'a privileged pod, which our own rules rate',
        { category: 'Privilege Escalation: Launch of privileged Kubernetes container' },
        { severity: 'medium', confidence: 0.15 },
      ],
      [
        'a request for approval that failed',
        { category: 'GKE_APPROVE_CSR_FORBIDDEN' },
        { severity: 'medium', confidence: 0.5 },
      ],
    ],
    misses: [
      ['a finding of a name that is only like one of its own', { category: 'GKE_RESOURCE_MODIFIED_ANONYMOUSLY' }],
    ],
  });
});
