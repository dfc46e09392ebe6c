import { APPLY, type Broken, type Json, named, tellsOf, unreadable } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const job = (d: Deployment): Json => named(d.jobs, '/jobs/firebreak-tick');

tellsOf('tick', [
  {
    what: 'no tick',
    status: 'fail',
    subject: 'firebreak-tick',
    says: /nothing publishes to firebreak-tick/,
    next: APPLY,
    breaks: (d) => {
      d.jobs = [];
    },
  },
  ...(
    [
      ['paused', { state: 'PAUSED' }, /is PAUSED/, /^gcloud scheduler jobs resume firebreak-tick /],
      ['hourly', { schedule: '0 * * * *' }, /not every minute/, APPLY],
      ['late', { lastAttemptTime: '2026-11-03T02:14:00Z' }, /60 min ago/, /jobs run firebreak-tick/],
      ['never run', { lastAttemptTime: undefined }, /has never run/, /jobs run/],
      ['refused', { status: { code: 7, message: 'permission denied' } }, /permission denied/, /jobs run/],
    ] as const
  ).map(
    ([what, change, says, next]): Broken => ({
      what: `a tick that is ${what}`,
      status: 'fail',
      subject: 'firebreak-tick',
      says,
      next,
      breaks: (d) => Object.assign(job(d), change),
    }),
  ),
  unreadable('scheduler /', 'roles/cloudscheduler.viewer'),
]);
