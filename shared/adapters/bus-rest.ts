import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { TOPIC_PREFIX } from '../model/ids.ts';
import type { Bus } from '../ports.ts';

const TIMEOUT_MS = 10_000;
const accepted = z.looseObject({ messageIds: z.array(z.string()).min(1) });

/**
 * Publishes by the Pub/Sub REST API below `endpoint`, such as the embedded broker's address.
 *
 * @throws Denied on 401 and 403; Transient on anything else, a body of ours that was refused included, since
 * acknowledging what led to it would lose it.
 */
export const makeRestBus = (options: { endpoint: string; project: string }): Bus => ({
  publish: async (topic, body, attributes = {}) => {
    const url = new URL(`/v1/projects/${options.project}/topics/${TOPIC_PREFIX}${topic}:publish`, options.endpoint);
    const data = Buffer.from(JSON.stringify(body)).toString('base64');
    const where = `publishing to ${TOPIC_PREFIX}${topic} at ${url.origin}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ data, attributes }] }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new Transient(`${where}: no answer; is the bus running?`, { cause });
    });
    if (response.status === 401 || response.status === 403) throw new Denied(`${where}: refused (${response.status})`);
    if (!response.ok) throw new Transient(`${where}: answered ${response.status}`);
    const answer = accepted.safeParse(await response.json().catch(() => undefined));
    const id = answer.data?.messageIds[0];
    if (id === undefined) throw new Transient(`${where}: answered without a message id`);
    return id;
  },
});
