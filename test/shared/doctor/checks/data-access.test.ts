import { APPLY, tellsOf, unreadable } from '../broken.ts';
import { RULES } from '../kit.ts';

tellsOf('data-access', [
  {
    what: 'Data Access logs that are off while rules on exec are on',
    status: 'fail',
    subject: 'container.googleapis.com',
    says: /off in p1 \(ADMIN_READ, DATA_READ, DATA_WRITE\), although rules on exec are on/,
    next: APPLY,
    breaks: (d) => {
      d.policy.auditConfigs = d.policy.auditConfigs.filter(({ service }) => service !== 'container.googleapis.com');
    },
  },
  {
    what: 'Data Access logs that are off where no rule on exec is on',
    status: 'warn',
    subject: 'container.googleapis.com',
    says: /does not see reads/,
    next: APPLY,
    expected: { rules: async () => ({ ...RULES, exec: false }) },
    breaks: (d) => {
      d.policy.auditConfigs = d.policy.auditConfigs.filter(({ service }) => service !== 'container.googleapis.com');
    },
  },
  {
    what: 'somebody who is not logged',
    status: 'warn',
    subject: 'container.googleapis.com',
    says: /exempt some principals, .*: user:eve@example.com/,
    next: APPLY,
    breaks: (d) =>
      void Object(Object(d.policy.auditConfigs[0]).auditLogConfigs)[1].exemptedMembers?.push('user:eve@example.com'),
  },
  unreadable('projects /v3/projects/p1:getIamPolicy', 'roles/iam.securityReviewer'),
]);
