import { APPLY, fn, type Json, part, tellsOf, unreadable } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const bucketOf = (d: Deployment): Json => Object(d.buckets['p1-firebreak-evidence']);

tellsOf('evidence', [
  {
    what: 'a bucket that is gone',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /does not exist/,
    next: APPLY,
    breaks: (d) => {
      d.buckets = {};
    },
  },
  {
    what: 'a contain without a bucket',
    status: 'fail',
    subject: 'evidence',
    says: /has no bucket/,
    next: APPLY,
    breaks: (d) => {
      delete part(part(fn(d, 'contain'), 'serviceConfig'), 'environmentVariables').FIREBREAK_EVIDENCE;
    },
  },
  {
    what: 'evidence without retention',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /no retention/,
    next: APPLY,
    breaks: (d) => Object.assign(bucketOf(d), { retentionPolicy: undefined }),
  },
  {
    what: 'evidence that can be made public',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /can be made public/,
    next: APPLY,
    breaks: (d) => Object.assign(part(bucketOf(d), 'iamConfiguration'), { publicAccessPrevention: 'inherited' }),
  },
  {
    what: 'evidence that can be shared object by object',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /uniform access off/,
    next: APPLY,
    breaks: (d) =>
      Object.assign(part(bucketOf(d), 'iamConfiguration'), { uniformBucketLevelAccess: { enabled: false } }),
  },
  unreadable('storage /', 'roles/storage.bucketViewer'),
]);
