import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Asked, type HttpService, startHttpService } from './http-service.ts';

/** Written independently, as docs/notices.md tells the author of a receiver: imports nothing from Firebreak's code. */
const refusalOf = ({ headers, body }: Asked, secret: string, now: number): string | undefined => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (id === undefined || timestamp === undefined || signatures === undefined) return 'a header is missing';
  if (!/^\d+$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > 300) return 'too old, or of the future';
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const isSigned = signatures.split(' ').some((one) => {
    const [version, encoded = ''] = one.split(',');
    const given = Buffer.from(encoded, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned ? undefined : 'signed by another secret, or changed on its way';
};

export type WebhookReceiver = HttpService & {
  /** The accepted notices by `webhook-id`; a repeated one is included once. */
  accepted: Map<string, Record<string, unknown>>;
  refused: string[];
};

/** A receiver of webhooks that checks their signature and their time. */
export const startReceiver = async (secret: string, now: () => number): Promise<WebhookReceiver> => {
  const accepted = new Map<string, Record<string, unknown>>();
  const refused: string[] = [];
  const service = await startHttpService((asked) => {
    const refusal = refusalOf(asked, secret, now());
    if (refusal !== undefined) {
      refused.push(refusal);
      return { status: 401, body: refusal };
    }
    accepted.set(asked.headers['webhook-id'] ?? '', JSON.parse(asked.body));
    return { status: 204, body: '' };
  });
  return { ...service, accepted, refused };
};
