import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { TOPIC_PREFIX } from '../model/ids.ts';
import type { Bus } from '../ports.ts';
import { within } from './deadline.ts';

const TIMEOUT_MS = 10_000;
const accepted = z.looseObject({ messageIds: z.array(z.string()).min(1) });

type Post = (url: URL, body: string) => Promise<{ status: number; text: string }>;

/**
 * Posts JSON on connections that are kept. On node:http: under the framework, whose promises are dear, `fetch` takes as long
 * as all the rest of a detector.
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
 * Publishes by the Pub/Sub REST API below `endpoint`, such as the embedded broker's address.
 *
 * @throws Denied on 401 and 403; Transient on anything else, a body of ours that was refused included, since
 * acknowledging what led to it would lose it.
 */
export const makeRestBus = (options: { endpoint: string; project: string }): Bus => {
  const { endpoint, project } = options;
  const post = makePost(new URL(endpoint).protocol === 'https:');
  return {
    publish: async (topic, body, attributes = {}) => {
      const url = new URL(`/v1/projects/${project}/topics/${TOPIC_PREFIX}${topic}:publish`, endpoint);
      const data = Buffer.from(JSON.stringify(body)).toString('base64');
      const where = `publishing to ${TOPIC_PREFIX}${topic} at ${url.origin}`;
      const { status, text } = await post(url, JSON.stringify({ messages: [{ data, attributes }] })).catch(
        (cause: unknown) => {
          throw new Transient(`${where}: no answer; is the bus running?`, { cause });
        },
      );
      if (status === 401 || status === 403) throw new Denied(`${where}: refused (${status})`);
      if (status < 200 || status > 299) throw new Transient(`${where}: answered ${status}`);
      const id = accepted.safeParse(jsonOf(text)).data?.messageIds[0];
      if (id === undefined) throw new Transient(`${where}: answered without a message id`);
      return id;
    },
  };
};
