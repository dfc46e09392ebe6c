import { PLATEAU_POLICIES } from '../../../../shared/detection/plateau-policies.ts';
import { APPLY, named, part, tellsOf, unreadable } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const SHAPE = PLATEAU_POLICIES[0]?.id ?? '';
const channel = (d: Deployment) => named(d.channels, '/notificationChannels/2');
const policy = (d: Deployment) => named(d.alerts, '/alertPolicies/1');

tellsOf('alerts', [
  {
    what: 'no channel to the topic',
    status: 'fail',
    subject: 'firebreak-cpu',
    says: /has no notification channel/,
    next: APPLY,
    breaks: (d) => {
      d.channels = [];
    },
  },
  {
    what: 'a disabled channel',
    status: 'fail',
    subject: 'firebreak-cpu',
    says: /only disabled notification channels/,
    next: APPLY,
    breaks: (d) => Object.assign(channel(d), { enabled: false }),
  },
  {
    what: 'a policy that is gone',
    status: 'fail',
    subject: SHAPE,
    says: /has no enabled alerting policy/,
    next: APPLY,
    breaks: (d) => {
      d.alerts = [];
    },
  },
  {
    what: 'a policy that is disabled',
    status: 'fail',
    subject: SHAPE,
    says: /has no enabled alerting policy/,
    next: APPLY,
    breaks: (d) => Object.assign(policy(d), { enabled: false }),
  },
  {
    what: 'a policy that tells somebody else',
    status: 'fail',
    subject: SHAPE,
    says: /has no enabled alerting policy/,
    next: APPLY,
    breaks: (d) => Object.assign(policy(d), { notificationChannels: ['projects/p1/notificationChannels/1'] }),
  },
  {
    what: 'a policy that asks something else',
    status: 'fail',
    subject: SHAPE,
    says: /has no enabled alerting policy/,
    next: APPLY,
    breaks: (d) => {
      const [first] = Array.isArray(policy(d).conditions) ? Object(policy(d).conditions) : [];
      Object.assign(part(first, 'conditionPrometheusQueryLanguage'), { query: 'up' });
    },
  },
  {
    what: 'alerts that may not be published',
    status: 'fail',
    subject: 'firebreak-cpu',
    says: /does not let Cloud Monitoring.s service agent publish/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-cpu'] = { bindings: [] };
    },
  },
  {
    what: 'a stranger who may bring alerts',
    status: 'warn',
    subject: 'firebreak-cpu',
    says: /lets group:dev@example.com publish/,
    next: /^gcloud pubsub topics remove-iam-policy-binding firebreak-cpu /,
    breaks: (d) =>
      void d.policies['topics/firebreak-cpu']?.bindings.push({
        role: 'roles/pubsub.publisher',
        members: ['group:dev@example.com'],
      }),
  },
  unreadable('monitoring /', 'roles/monitoring.viewer'),
]);
