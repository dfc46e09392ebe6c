import { createHmac } from 'node:crypto';

/**
 * The headers of a signed webhook, by Standard Webhooks: HMAC-SHA256 over `ID.TIMESTAMP.BODY`, once for each secret.
 * `at` is in ms; the header is in seconds, and a receiver refuses a time that is 5 minutes off.
 */
export const webhookHeaders = ({
  id,
  at,
  body,
  secrets,
}: {
  id: string;
  at: number;
  body: string;
  secrets: readonly Uint8Array[];
}): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
};
