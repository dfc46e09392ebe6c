import { Agent, request } from 'node:http';
import { TOPIC_PREFIX } from '../../shared/model/ids.ts';
import type { Delivery, PushSubscription } from './message.ts';

/**
 * Sends one push and tells whether it was acknowledged. Never rejects: without an answer it counts as not acknowledged.
 */
export type Push = (delivery: Delivery, signal: AbortSignal) => Promise<'acked' | 'nacked'>;

const ACKNOWLEDGING = new Set([102, 200, 201, 202, 204]);

/** The body of a push in the service's own form, with both spellings of the message's fields. */
const pushBody = (project: string, { subscription, message, attempt }: Delivery): unknown => ({
  subscription: `projects/${project}/subscriptions/${subscription.name}`,
  message: {
    data: message.data,
    attributes: message.attributes,
    messageId: message.messageId,
    message_id: message.messageId,
    publishTime: message.publishTime,
    publish_time: message.publishTime,
  },
  // The service counts attempts only for a subscription with a dead letter topic.
  ...(subscription.deadLetter === undefined ? {} : { deliveryAttempt: attempt }),
});

/** The push endpoint of a topic below an origin; functions-framework reads the topic from this path. */
export const pushPath = (project: string, topic: string): string =>
  `/projects/${project}/topics/${TOPIC_PREFIX}${topic}`;

/**
 * Pushes over HTTP on kept connections, as the service does. Uses node:http rather than fetch, which stops waiting for
 * an answer after 300 s, half of the longest ack deadline.
 */
export const makeHttpPush = (project: string): Push => {
  const agent = new Agent({ keepAlive: true });
  // The target of a subscription is parsed once, not for every message.
  const places = new WeakMap<PushSubscription, { hostname: string; port: string; path: string }>();
  const placeOf = (subscription: PushSubscription) => {
    const known = places.get(subscription);
    if (known !== undefined) return known;
    const { hostname, port, pathname: path } = new URL(pushPath(project, subscription.topic), subscription.endpoint);
    places.set(subscription, { hostname, port, path });
    return { hostname, port, path };
  };
  return (delivery, signal) =>
    new Promise((resolve) => {
      const { identity } = delivery.subscription;
      const body = JSON.stringify(pushBody(project, delivery));
      const sent = request({
        ...placeOf(delivery.subscription),
        method: 'POST',
        agent,
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${identity}`,
        },
      });
      sent.on('response', (response) => {
        response.resume();
        response.on('error', () => resolve('nacked'));
        response.on('end', () => resolve(ACKNOWLEDGING.has(response.statusCode ?? 0) ? 'acked' : 'nacked'));
      });
      sent.on('error', () => resolve('nacked'));
      sent.end(body);
    });
};
