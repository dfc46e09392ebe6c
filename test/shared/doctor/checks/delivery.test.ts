import { strict as assert } from 'node:assert';
import { APPLY, tellsOf, unreadable } from '../broken.ts';
import { healthy } from '../deployment.ts';
import { AGENT, PUSH } from '../deployment-parts.ts';
import { statusesOf } from '../kit.ts';

tellsOf('delivery', [
  {
    what: 'a function that everybody may call',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /may be called by allUsers/,
    next: APPLY,
    breaks: (d) =>
      void d.policies['services/firebreak-contain']?.bindings.push({
        role: 'roles/run.invoker',
        members: ['allUsers'],
      }),
  },
  {
    what: 'a function that refuses its pushes',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /receives no messages: firebreak-push@.*, as which Pub.Sub delivers, may not invoke it/,
    next: APPLY,
    breaks: (d) => {
      d.policies['services/firebreak-contain'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may write',
    status: 'fail',
    subject: 'firebreak-dead-letters',
    says: /may not publish/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-dead-letters'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may take out',
    status: 'fail',
    subject: 'firebreak-contain-containment',
    says: /may not acknowledge messages/,
    next: APPLY,
    breaks: (d) => {
      d.policies['subscriptions/firebreak-contain-containment'] = { bindings: [] };
    },
  },
  {
    what: 'deliveries for which Pub/Sub gets no token',
    status: 'fail',
    subject: PUSH,
    says: /Pub.Sub's service agent may not make tokens as it, so every delivery is refused/,
    next: APPLY,
    breaks: (d) => {
      d.policies[`accounts/${PUSH}`] = { bindings: [] };
    },
  },
  {
    what: 'a console that Identity-Aware Proxy may not call',
    status: 'fail',
    subject: 'firebreak-console',
    says: /Identity-Aware Proxy may not call it, so nobody gets to the console/,
    next: APPLY,
    breaks: (d) => {
      d.policies['services/firebreak-console'] = { bindings: [] };
    },
  },
  unreadable('run /', 'roles/iam.securityReviewer'),
]);

describe('firebreak doctor: delivery', () => {
  it('is content where the service agent of Pub/Sub makes tokens by its own role on the project', async () => {
    const deployment = healthy();
    deployment.policies[`accounts/${PUSH}`] = { bindings: [] };
    deployment.policy.bindings.push({ role: 'roles/pubsub.serviceAgent', members: [AGENT] });
    assert.deepEqual(await statusesOf(deployment, 'delivery'), ['ok']);
  });
});
