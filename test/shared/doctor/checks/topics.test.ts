import { APPLY, tellsOf, unreadable, withFalco, without } from '../broken.ts';

tellsOf('topics', [
  {
    what: 'a topic that is gone',
    status: 'fail',
    subject: 'firebreak-findings',
    says: /does not exist/,
    next: APPLY,
    breaks: (d) => {
      d.topics = without(d.topics, '/firebreak-findings');
    },
  },
  {
    what: "the topic of a cluster's Falco that is gone",
    status: 'fail',
    subject: 'firebreak-threat-europe-west1-c1',
    says: /does not exist/,
    next: APPLY,
    breaks: withFalco,
  },
  unreadable('pubsub /v1/projects/p1/topics', 'roles/pubsub.viewer'),
]);
