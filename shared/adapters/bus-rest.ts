import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { TOPIC_PREFIX, type Topic } from '../model/ids.ts';
import type { Bus } from '../ports.ts';
import { type Batch, makeBatches } from './batches.ts';
import { within } from './deadline.ts';
import { httpCall } from './http-call.ts';

const TIMEOUT_MS = 10_000;
const accepted = z.looseObject({ messageIds: z.array(z.string()) });

type Message = { data: string; attributes: Record<string, string> };

const headers = { 'content-type': 'application/json' };

/**
 * Publishes with the Pub/Sub REST API below `endpoint`, for example at the embedded broker's address. A message is sent
 * at once; messages that arrive while another of the same topic is under way are sent together after it.
 *
 * @throws Denied on 401 and 403; Transient on anything else, even when the service refuses the body we sent: whoever
 * caused the message must not be acknowledged, or the message would be lost.
 */
export const makeRestBus = (options: { endpoint: string; project: string }): Bus => {
  const { endpoint, project } = options;
  const sendTo = (topic: Topic) => {
    const { href: url, origin } = new URL(`/v1/projects/${project}/topics/${TOPIC_PREFIX}${topic}:publish`, endpoint);
    const where = `publishing to ${TOPIC_PREFIX}${topic} at ${origin}`;
    const send = async (messages: readonly Message[]): Promise<ReadonlyArray<string | Error>> => {
      const body = JSON.stringify({ messages });
      const { status, text } = await within(TIMEOUT_MS, (signal) =>
        httpCall({ url, method: 'POST', headers, body, signal }),
      ).catch((cause: unknown) => {
        throw new Transient(`${where}: no answer; is the bus running?`, { cause });
      });
      if (status === 401 || status === 403) throw new Denied(`${where}: refused (${status})`);
      // One of the messages is at fault: each is sent alone, so that the others still get through.
      if (status === 400 && messages.length > 1) return (await Promise.all(messages.map(alone))).flat();
      if (status < 200 || status > 299) throw new Transient(`${where}: answered ${status}`);
      const ids = accepted.safeParse(jsonOf(text)).data?.messageIds ?? [];
      if (ids.length !== messages.length) throw new Transient(`${where}: answered without an id for each message`);
      return ids;
    };
    const alone = (message: Message) =>
      send([message]).catch((thrown: unknown) => [thrown instanceof Error ? thrown : new Transient(String(thrown))]);
    return send;
  };
  const batches = new Map<Topic, Batch<Message, string>>();
  return {
    publish: (topic, body, attributes = {}) => {
      const batch = batches.get(topic) ?? makeBatches(sendTo(topic), ({ data }) => data.length);
      batches.set(topic, batch);
      return batch({ data: Buffer.from(JSON.stringify(body)).toString('base64'), attributes });
    },
  };
};
