import { z } from 'zod';
import { type Environment, readEnvironment } from './read-environment.ts';

/** The operators' settings for notices. A service that is not set up gets no notices. */
export type NotifySettings = {
  slack?: { token: string; channel: string; endpoint: string };
  pagerduty?: { routingKey: string; endpoint: string };
  /** `secrets`: in bytes, the newest first. Each of them signs, so that a receiver can change over. */
  webhook?: { url: string; secrets: readonly Uint8Array[] };
  /** The URL of the console, without a slash at the end; notices link to it. */
  consoleUrl?: string;
};

const SLACK = 'https://slack.com';
const PAGERDUTY = 'https://events.pagerduty.com';

/** Whether a URL may be used: HTTPS, or plain HTTP on this machine, where nobody listens in, for tests and trials. */
const isSafe = (url: URL): boolean =>
  url.username === '' &&
  url.hash === '' &&
  (url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)));

const address = z
  .string()
  .max(2000)
  .refine((text) => URL.canParse(text) && isSafe(new URL(text)), { message: 'expected an https URL' });

const origin = address
  .refine((text) => !URL.canParse(text) || new URL(text).search === '', { message: 'expected a URL without a query' })
  .transform((text) => text.replace(/\/+$/, ''));

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MIN_SECRET = 24;
const SECRET =
  'expected whsec_ and at least 24 bytes in base64, as openssl rand -base64 32 gives them; two of them with a comma';

const secrets = z.string().transform((text, context): Uint8Array[] => {
  const read = text.split(',').map((one) => {
    const encoded = one.trim().replace(/^whsec_/, '');
    return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
  });
  if (read.length <= 2 && read.every((one) => one.length >= MIN_SECRET)) return read;
  context.addIssue({ code: 'custom', message: SECRET });
  return z.NEVER;
});

/** An optional text such as a token. It is trimmed, since a secret mounted from a file often ends in a line end. */
const oneLine = (pattern: RegExp, message: string) => z.string().trim().regex(pattern, message).optional();

const variables = z
  .object({
    FIREBREAK_SLACK_TOKEN: oneLine(/^xox[a-z]-[A-Za-z0-9-]{8,300}$/, 'expected a bot token such as xoxb-...'),
    FIREBREAK_SLACK_CHANNEL: oneLine(/^#?[\p{L}\p{N}._-]{1,80}$/u, 'expected the id of a channel such as C0123456789'),
    FIREBREAK_SLACK_ENDPOINT: origin.optional(),
    FIREBREAK_PAGERDUTY_ROUTING_KEY: oneLine(/^[A-Za-z0-9]{32}$/, 'expected an integration key of 32 characters'),
    FIREBREAK_PAGERDUTY_ENDPOINT: origin.optional(),
    FIREBREAK_WEBHOOK_URL: address.optional(),
    FIREBREAK_WEBHOOK_SECRET: secrets.optional(),
    FIREBREAK_CONSOLE_URL: origin.optional(),
  })
  .superRefine((set, context) => {
    const pairs = [
      ['FIREBREAK_SLACK_TOKEN', 'FIREBREAK_SLACK_CHANNEL'],
      ['FIREBREAK_WEBHOOK_URL', 'FIREBREAK_WEBHOOK_SECRET'],
    ] as const;
    for (const [one, other] of pairs) {
      if ((set[one] === undefined) === (set[other] === undefined)) continue;
      const [path, message] =
        set[one] === undefined ? [one, `not set, but ${other} is`] : [other, `not set, but ${one} is`];
      context.addIssue({ code: 'custom', path: [path], message });
    }
  });

/**
 * Reads the settings of notices from the environment.
 *
 * @throws Error that names every variable that cannot be read.
 */
export const readNotifySettings = (env: Environment): NotifySettings => {
  const {
    FIREBREAK_SLACK_TOKEN: token,
    FIREBREAK_SLACK_CHANNEL: channel,
    FIREBREAK_SLACK_ENDPOINT: slack = SLACK,
    FIREBREAK_PAGERDUTY_ROUTING_KEY: routingKey,
    FIREBREAK_PAGERDUTY_ENDPOINT: pagerduty = PAGERDUTY,
    FIREBREAK_WEBHOOK_URL: url,
    FIREBREAK_WEBHOOK_SECRET: secret,
    FIREBREAK_CONSOLE_URL: consoleUrl,
  } = readEnvironment(variables, env);
  return {
    ...(token === undefined || channel === undefined ? {} : { slack: { token, channel, endpoint: slack } }),
    ...(routingKey === undefined ? {} : { pagerduty: { routingKey, endpoint: pagerduty } }),
    ...(url === undefined || secret === undefined ? {} : { webhook: { url, secrets: secret } }),
    ...(consoleUrl === undefined ? {} : { consoleUrl }),
  };
};
