import { APPLY, type Broken, type Json, named, part, tellsOf, unreadable, withFalco, without } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const sub = (d: Deployment, name: string): Json => named(d.subscriptions, `/subscriptions/firebreak-${name}`);

tellsOf('subscriptions', [
  {
    what: 'a subscription that is gone',
    status: 'fail',
    subject: 'firebreak-decide-findings',
    says: /does not exist/,
    next: APPLY,
    breaks: (d) => {
      d.subscriptions = without(d.subscriptions, '/firebreak-decide-findings');
    },
  },
  ...(
    [
      ['a deleted topic', { topic: '_deleted-topic_' }, /is subscribed to _deleted-topic_/],
      ['a state of error', { state: 'RESOURCE_ERROR' }, /is RESOURCE_ERROR/],
      ['an end after a month', { expirationPolicy: { ttl: '2678400s' } }, /deleted after a month/],
      ['the default end', { expirationPolicy: undefined }, /deleted after a month/],
      ['no dead letters', { deadLetterPolicy: undefined }, /do not go to firebreak-dead-letters/],
      [
        'five deliveries',
        { deadLetterPolicy: { deadLetterTopic: 'projects/p1/topics/firebreak-dead-letters', maxDeliveryAttempts: 5 } },
        /gives up after 5 deliveries, not 10/,
      ],
      ['no backoff', { retryPolicy: undefined }, /delivers again after 0 to 0 s, not after 10 to 600 s/],
      ['a short deadline', { ackDeadlineSeconds: 10 }, /waits 10 s/],
      ['a filter', { filter: 'attributes.x = "y"' }, /has a filter/],
      ['no push', { pushConfig: {} }, /no push endpoint/],
    ] as const
  ).map(
    ([what, change, says]): Broken => ({
      what: `a subscription with ${what}`,
      status: 'fail',
      subject: 'firebreak-decide-findings',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(sub(d, 'decide-findings'), change),
    }),
  ),
  ...(
    [
      [
        "another's address",
        { pushEndpoint: 'https://elsewhere.example.com/projects/p1/topics/firebreak-findings' },
        /pushes to https:\/\/elsewhere/,
      ],
      [
        'no topic in its address',
        { pushEndpoint: 'https://firebreak-decide-abc123-ew.a.run.app/' },
        /does not end with \/projects\/p1\/topics\/firebreak-findings/,
      ],
      ['no identity', { oidcToken: undefined }, /carry no identity/],
      [
        'tokens for another',
        { oidcToken: { serviceAccountEmail: 'firebreak-push@p1.iam.gserviceaccount.com', audience: 'https://other' } },
        /tokens are for the audience https:\/\/other/,
      ],
    ] as const
  ).map(
    ([what, change, says]): Broken => ({
      what: `pushes with ${what}`,
      status: 'fail',
      subject: 'firebreak-decide-findings',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(part(sub(d, 'decide-findings'), 'pushConfig'), change),
    }),
  ),
  {
    what: 'a subscription of a stranger',
    status: 'warn',
    subject: 'spy',
    says: /receives the messages of firebreak-findings, and is not/,
    next: /subscriptions describe spy/,
    breaks: (d) => void d.subscriptions.push({ ...sub(d, 'decide-findings'), name: 'projects/p1/subscriptions/spy' }),
  },
  {
    what: "the subscription of a cluster's Falco that is gone",
    status: 'fail',
    subject: 'firebreak-detect-threat-threat-europe-west1-c1',
    says: /does not exist/,
    next: APPLY,
    breaks: withFalco,
  },
  unreadable('pubsub /v1/projects/p1/subscriptions', 'roles/pubsub.viewer'),
]);
