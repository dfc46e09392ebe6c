import { APPLY, type Json, named, tellsOf, unreadable, without } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const sinkOf = (d: Deployment): Json => named(d.sinks, 'firebreak-audit-log');

tellsOf('sink', [
  {
    what: 'no sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /no sink that exports/,
    next: APPLY,
    breaks: (d) => {
      d.sinks = without(d.sinks, 'firebreak-audit-log');
    },
  },
  {
    what: 'a sink with another filter',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /another filter than `firebreak filter` prints/,
    next: APPLY,
    breaks: (d) => Object.assign(sinkOf(d), { filter: 'severity>=ERROR' }),
  },
  {
    what: 'a disabled sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /disabled/,
    next: /^gcloud logging sinks update firebreak-audit-log --no-disabled --project=p1$/,
    breaks: (d) => Object.assign(sinkOf(d), { disabled: true }),
  },
  {
    what: 'a sink with an exclusion',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /has an exclusion, quiet,/,
    next: /--remove-exclusions=quiet/,
    breaks: (d) => Object.assign(sinkOf(d), { exclusions: [{ name: 'quiet', filter: 'x' }] }),
  },
  {
    what: 'a sink that may not publish',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /may not publish to firebreak-audit-log/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-audit-log'] = { bindings: [] };
    },
  },
  unreadable('logging /v2/projects/p1/sinks', 'roles/logging.viewer'),
]);
