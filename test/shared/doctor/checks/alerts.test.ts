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
    says: /no notification channel of Cloud Monitoring publishes to it/,
    next: APPLY,
    breaks: (d) => {
      d.channels = [];
    },
  },
  {
    what: 'a disabled channel',
    status: 'fail',
    subject: 'firebreak-cpu',
    says: /notification channel that publishes to it is disabled/,
    next: APPLY,
    breaks: (d) => Object.assign(channel(d), { enabled: false }),
  },
  {
    what: 'a policy that is gone',
    status: 'fail',
    subject: SHAPE,
    says: /no enabled alerting policy watches for it/,
    next: APPLY,
    breaks: (d) => {
      d.alerts = [];
    },
  },
  {
    what: 'a policy that is disabled',
    status: 'fail',
    subject: SHAPE,
    says: /no enabled alerting policy watches for it/,
    next: APPLY,
    breaks: (d) => Object.assign(policy(d), { enabled: false }),
  },
  {
    what: 'a policy that tells somebody else',
    status: 'fail',
    subject: SHAPE,
    says: /no enabled alerting policy watches for it/,
    next: APPLY,
    breaks: (d) => Object.assign(policy(d), { notificationChannels: ['projects/p1/notificationChannels/1'] }),
  },
  {
    what: 'a policy that asks something else',
    status: 'fail',
    subject: SHAPE,
    says: /no enabled alerting policy watches for it/,
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
    says: /may not be published to by Cloud Monitoring/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-cpu'] = { bindings: [] };
    },
  },
  unreadable('monitoring /', 'roles/monitoring.viewer'),
]);
