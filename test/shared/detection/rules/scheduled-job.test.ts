import { scheduledJob } from '../../../../shared/detection/rules/scheduled-job.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', group: 'batch', resource: 'cronjobs', namespace: 'kube-system', name: 'again' };
const LOW = { severity: 'low' } as const;

describe('rule scheduled-job', () => {
  ruleCases(scheduledJob, BASE, {
    fires: [
      ['among users', { namespace: 'shop' }, LOW],
      ['a Job', { resource: 'jobs', namespace: 'shop' }, LOW],
      ['a change', { verb: 'patch', namespace: 'shop' }, LOW],
      ['by a workload', { principal: 'system:serviceaccount:shop:flows', namespace: 'shop' }, LOW],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.25 }],
    ],
    misses: [
      [
        'by the controller of CronJobs',
        { resource: 'jobs', principal: 'system:serviceaccount:kube-system:cronjob-controller' },
      ],
      ['by a service account of Google Cloud', { principal: 'deployer@p1.iam.gserviceaccount.com' }],
      ['its state', { subresource: 'status', verb: 'update' }],
      ['deleted', { verb: 'delete' }],
      ['another group', { group: 'example.com' }],
    ],
  });
});
