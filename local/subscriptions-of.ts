import { randomBytes } from 'node:crypto';
import { subscriptionName } from '../shared/deployment.ts';
import type { FunctionName } from '../shared/model/ids.ts';
import { TOPICS_OF } from '../shared/serve.ts';
import type { PushSubscription } from './broker/message.ts';

/** Production's delivery settings with shorter pauses, since a person is waiting. */
const LOCAL_DELIVERY = {
  ackDeadline: 600_000,
  minBackoff: 200,
  maxBackoff: 5000,
  maxAttempts: 10,
  // One process does the work of several deployed instances, and contain spends most of its time waiting for the cloud.
  concurrency: 16,
} as const;

/** The subscriptions of a function that answers at `endpoint`, one for each of its topics. */
export const subscriptionsOf = (name: FunctionName, endpoint: string): PushSubscription[] =>
  TOPICS_OF[name].map((topic) => ({
    ...LOCAL_DELIVERY,
    name: subscriptionName(name, topic),
    topic,
    endpoint,
    identity: randomBytes(16).toString('hex'),
    // A message that cannot be recorded as a dead letter has nowhere else to go, so it is tried without end.
    ...(topic === 'dead-letters' ? {} : { deadLetter: 'dead-letters' as const }),
  }));
