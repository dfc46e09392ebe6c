import { strict as assert } from 'node:assert';
import { APPLY, type Json, named, tellsOf, unreadable, without } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { MONITORING } from '../deployment-parts.ts';
import { statusesOf } from '../kit.ts';

/** A sink of a folder or an organization that takes the entries of its projects. */
const intercepting = (owner: string, filter: string): Json => ({
  name: 'central',
  resourceName: `${owner}/sinks/central`,
  destination: 'logging.googleapis.com/projects/central-logs',
  filter,
  includeChildren: true,
  interceptChildren: true,
});

const sinkOf = (d: Deployment): Json => named(d.sinks, 'firebreak-audit-log');

describe('firebreak doctor: sink', () => {
  it('is content with Cloud Monitoring, which brings alerts on logs, and with what is disabled', async () => {
    const deployment = healthy();
    Object.assign(sinkOf(deployment), { exclusions: [{ name: 'quiet', filter: 'x', disabled: true }] });
    deployment.policies['topics/firebreak-audit-log']?.bindings[0]?.members.push(MONITORING);
    deployment.sinks.push({ ...intercepting('organizations/12', ''), disabled: true });
    assert.deepEqual(await statusesOf(deployment, 'sink'), ['ok']);
  });
});

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
  {
    what: 'an organization that intercepts entries',
    status: 'warn',
    subject: 'central',
    says: /intercepts entries for organizations\/12: our sink does not export what it takes/,
    next: /^gcloud logging sinks describe central --organization=12$/,
    breaks: (d) => void d.sinks.push(intercepting('organizations/12', 'resource.type="k8s_cluster"')),
  },
  {
    what: 'a folder that intercepts everything',
    status: 'fail',
    subject: 'central',
    says: /intercepts every entry for folders\/34, so our sink exports none/,
    next: /^gcloud logging sinks describe central --folder=34$/,
    breaks: (d) => void d.sinks.push(intercepting('folders/34', '')),
  },
  {
    what: 'a stranger who may bring entries',
    status: 'warn',
    subject: 'firebreak-audit-log',
    says: /lets user:eve@example.com publish, which is none of those that do/,
    next: /^gcloud pubsub topics remove-iam-policy-binding firebreak-audit-log --project=p1 --member=user:eve@example.com --role=roles\/pubsub.publisher$/,
    breaks: (d) =>
      void d.policies['topics/firebreak-audit-log']?.bindings.push({
        role: 'roles/pubsub.publisher',
        members: ['user:eve@example.com'],
      }),
  },
  unreadable('logging /v2/projects/p1/sinks', 'roles/logging.viewer'),
]);
