import { APPLY, named, tellsOf, unreadable, without } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const SUBJECT = 'Firebreak: the tick is missing';
const END = '/alertPolicies/health-3';
const policy = (d: Deployment) => named(d.alerts, END);

tellsOf('health-alerts', [
  {
    what: 'an alert that is gone',
    status: 'warn',
    subject: SUBJECT,
    says: /does not exist/,
    next: APPLY,
    breaks: (d) => {
      d.alerts = without(d.alerts, END);
    },
  },
  {
    what: 'an alert that is disabled',
    status: 'warn',
    subject: SUBJECT,
    says: /is disabled/,
    next: APPLY,
    breaks: (d) => Object.assign(policy(d), { enabled: false }),
  },
  {
    what: 'an alert that notifies nobody',
    status: 'warn',
    subject: SUBJECT,
    says: /no notification channel/,
    next: /^terraform apply +# with notification_channels$/,
    breaks: (d) => Object.assign(policy(d), { notificationChannels: [] }),
  },
  unreadable('monitoring /v3/projects/p1/alertPolicies', 'roles/monitoring.viewer'),
]);
