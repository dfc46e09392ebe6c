import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { TOPIC_PREFIX, type Topic } from '../model/ids.ts';
import type { Bus } from '../ports.ts';
import { type Batch, makeBatches } from './batches.ts';
import { within } from './deadline.ts';

const TIMEOUT_MS = 10_000;
const accepted = z.looseObject({ messageIds: z.array(z.string()) });

type Post = (url: URL, body: string) => Promise<{ status: number; text: string }>;
type Message = { data: string; attributes: Record<string, string> };

/**
 * Posts JSON on connections that are kept. On node:http, whose requests cost a third of what those of `fetch` do.
 */
const makePost = (secure: boolean): Post => {
  const [request, agent] = secure
    ? [requestHttps, new HttpsAgent({ keepAlive: true })]
    : [requestHttp, new HttpAgent({ keepAlive: true })];
  return (url, body) =>
    within(
      TIMEOUT_MS,
      (signal) =>
        new Promise((resolve, reject) => {
          const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
          const sent = request(url, { method: 'POST', agent, headers, signal }, (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (chunk: string) => {
              text += chunk;
            });
            response.on('error', reject);
            response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          });
          sent.on('error', reject);
          sent.end(body);
        }),
    );
};

/**
 * Publishes by the Pub/Sub REST API below `endpoint`, such as the embedded broker's address. A message is sent at once; those
 * that come while one of its topic is under way are sent together after it.
 *
 * @throws Denied on 401 and 403; Transient on anything else, a body of ours that was refused included, since
 * acknowledging what led to it would lose it.
 */
export const makeRestBus = (options: { endpoint: string; project: string }): Bus => {
  const { endpoint, project } = options;
  const post = makePost(new URL(endpoint).protocol === 'https:');
  const sendTo = (topic: Topic) => {
    const url = new URL(`/v1/projects/${project}/topics/${TOPIC_PREFIX}${topic}:publish`, endpoint);
    const where = `publishing to ${TOPIC_PREFIX}${topic} at ${url.origin}`;
    const send = async (messages: readonly Message[]): Promise<ReadonlyArray<string | Error>> => {
      const { status, text } = await post(url, JSON.stringify({ messages })).catch((cause: unknown) => {
        throw new Transient(`${where}: no answer; is the bus running?`, { cause });
      });
      if (status === 401 || status === 403) throw new Denied(`${where}: refused (${status})`);
      // One of them is at fault, and the others must not be held up by it.
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
