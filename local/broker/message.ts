import type { Topic } from '../../shared/model/ids.ts';

/** A message as the bus stores it: `data` in base64, `publishTime` as RFC 3339. */
export type Message = {
  messageId: string;
  publishTime: string;
  data: string;
  attributes: Record<string, string>;
};

/** A push subscription of a local bus. Times in ms. */
export type PushSubscription = {
  /** The name without the project: `firebreak-decide-findings`. */
  name: string;
  topic: Topic;
  /** Origin of the function's server, for example `http://127.0.0.1:8080`; the topic's path is appended. */
  endpoint: string;
  /** Bearer token that each push carries, in place of the OIDC token of a service account. */
  identity: string;
  ackDeadline: number;
  minBackoff: number;
  maxBackoff: number;
  maxAttempts: number;
  /** The topic that gets a message after `maxAttempts`; without it, the message is tried without end. */
  deadLetter?: Topic;
  /** The most pushes in flight at one time. */
  concurrency: number;
};

/** One push of one message. `attempt` counts from 1. */
export type Delivery = { subscription: PushSubscription; message: Message; attempt: number };

/** ms to wait after the given failed attempt (from 1): doubles with each attempt, up to `maxBackoff`. */
export const backoffAfter = (attempt: number, { minBackoff, maxBackoff }: PushSubscription): number =>
  Math.min(maxBackoff, minBackoff * 2 ** (attempt - 1));
