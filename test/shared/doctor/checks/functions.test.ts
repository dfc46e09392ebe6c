import { strict as assert } from 'node:assert';
import { APPLY, fn, part, tellsOf, unreadable, without } from '../broken.ts';
import { healthy } from '../deployment.ts';
import { statusesOf } from '../kit.ts';

const DESCRIBE = /^gcloud functions describe firebreak-decide --region=europe-west1 --project=p1$/;

describe('firebreak doctor: functions', () => {
  it('is content with a console behind a load balancer', async () => {
    const deployment = healthy();
    Object.assign(part(fn(deployment, 'console'), 'serviceConfig'), { ingressSettings: 'ALLOW_INTERNAL_AND_GCLB' });
    assert.deepEqual(await statusesOf(deployment, 'functions'), ['ok']);
  });
});

tellsOf('functions', [
  {
    what: 'a function that is not deployed',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /not deployed/,
    next: APPLY,
    breaks: (d) => {
      d.functions = without(d.functions, '/firebreak-decide');
    },
  },
  {
    what: 'a function that failed to deploy',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /is FAILED: the container does not start/,
    next: DESCRIBE,
    breaks: (d) =>
      Object.assign(fn(d, 'decide'), { state: 'FAILED', stateMessages: [{ message: 'the container does not start' }] }),
  },
  {
    what: 'a function that the internet reaches',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /from outside the project/,
    next: APPLY,
    breaks: (d) => Object.assign(part(fn(d, 'decide'), 'serviceConfig'), { ingressSettings: 'ALLOW_ALL' }),
  },
  {
    what: 'a function other than the console that load balancers reach',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /from outside the project \(ingress ALLOW_INTERNAL_AND_GCLB\)/,
    next: APPLY,
    breaks: (d) =>
      Object.assign(part(fn(d, 'decide'), 'serviceConfig'), { ingressSettings: 'ALLOW_INTERNAL_AND_GCLB' }),
  },
  {
    what: 'two functions with one identity',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /shares its service account with firebreak-contain/,
    next: APPLY,
    breaks: (d) => {
      const { serviceAccountEmail } = part(fn(d, 'contain'), 'serviceConfig');
      Object.assign(part(fn(d, 'decide'), 'serviceConfig'), { serviceAccountEmail });
    },
  },
  {
    what: 'a function that serves other clusters',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /serves other clusters than contain/,
    next: APPLY,
    breaks: (d) => {
      const config = part(fn(d, 'decide'), 'serviceConfig');
      Object.assign(config, {
        environmentVariables: { ...part(config, 'environmentVariables'), FIREBREAK_CLUSTERS: '[]' },
      });
    },
  },
  {
    what: 'another runtime',
    status: 'warn',
    subject: 'firebreak-decide',
    says: /runs on nodejs22/,
    next: APPLY,
    breaks: (d) => Object.assign(part(fn(d, 'decide'), 'buildConfig'), { runtime: 'nodejs22' }),
  },
  unreadable('functions /', 'roles/cloudfunctions.viewer'),
]);
