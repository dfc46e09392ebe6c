import { sccAnonymousAccess } from '../../../../shared/detection/rules/scc-anonymous-access.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-anonymous-access', () => {
  sccCases(sccAnonymousAccess, {
    fires: [
      [
        'a change from the internet',
        { category: 'Initial Access: GKE Resource Modified Anonymously from the Internet (Preview)' },
        { severity: 'critical', confidence: 0.95, conclusive: true },
      ],
      [
        'a binding of everybody',
        { category: 'GKE_ANONYMOUS_USERS_GRANTED_ACCESS' },
        { severity: 'high', confidence: 0.9 },
      ],
    ],
    misses: [
      [
        'a finding of a name that is only like one of its own',
        { category: 'Initial Access: GKE NodePort service created' },
      ],
    ],
  });
});
