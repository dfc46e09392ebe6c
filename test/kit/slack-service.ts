import { z } from 'zod';
import { type Asked, type HttpService, startHttpService } from './http-service.ts';

export const SLACK_TOKEN = 'xoxb-1111111111-abcdefghij';
export const SLACK_CHANNEL = 'C0SECURITY';

// The kinds of blocks posted by Firebreak, as documented on docs.slack.dev/reference/block-kit; unknown fields are
// refused.
const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(max), verbatim: z.boolean().optional() });
const blockId = z.string().max(255).optional();
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150), block_id: blockId }),
  z
    .strictObject({
      type: z.literal('section'),
      text: z.union([plainText(3000), mrkdwn(3000)]).optional(),
      fields: z
        .array(z.union([plainText(2000), mrkdwn(2000)]))
        .min(1)
        .max(10)
        .optional(),
      block_id: blockId,
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([plainText(3000), mrkdwn(3000)]))
      .min(1)
      .max(10),
    block_id: blockId,
  }),
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
]);
const blocks = z.array(block).max(50);
export type Blocks = z.infer<typeof blocks>;

/** Parses blocks as the documentation allows them; throws for any other. */
export const blocksOf = (given: unknown): Blocks => blocks.parse(given);

const said = {
  channel: z.string().min(1),
  text: z.string().max(40_000).optional(),
  blocks: z.unknown().optional(),
  parse: z.enum(['none', 'full']).optional(),
  link_names: z.boolean().optional(),
};
const postMessage = z.strictObject({
  ...said,
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  mrkdwn: z.boolean().optional(),
});
const update = z.strictObject({ ...said, ts: z.string(), reply_broadcast: z.boolean().optional() });

export type SlackPost = {
  ts: string;
  text: string;
  blocks: Blocks;
  /** Undefined for the first message of a thread. */
  thread: string | undefined;
  broadcast: boolean;
  /** The number of updates of the message. */
  updates: number;
};

/** The part of Slack's Web API that Firebreak calls, as strict as its documentation, with the channel's messages. */
export type SlackService = HttpService & {
  posts: SlackPost[];
  /** The first messages of threads; `replies` gives the messages in a thread. */
  boards(): SlackPost[];
  replies(ts: string): SlackPost[];
};

/** All text of a message that a person would read. */
export const textOf = ({ blocks }: Pick<SlackPost, 'blocks'>): string =>
  blocks
    .flatMap((one) => {
      if (one.type === 'divider') return [];
      if (one.type === 'context') return one.elements.map(({ text }) => text);
      return one.type === 'header'
        ? [one.text.text]
        : [one.text?.text ?? [], one.fields?.map(({ text }) => text) ?? []].flat();
    })
    .join('\n');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON as Slack writes it: in ASCII alone, so that a letter of another script takes six bytes. */
const asciiOf = (answer: Record<string, unknown>): string =>
  JSON.stringify(answer)
    .replace(/[^ -~]/gu, (letter) =>
      [...Array(letter.length).keys()].map((n) => `\\u${letter.charCodeAt(n).toString(16).padStart(4, '0')}`).join(''),
    )
    .replaceAll('/', '\\/');

/** Starts a Slack with one channel. */
export const startSlack = async (): Promise<SlackService> => {
  const posts: SlackPost[] = [];
  let count = 0;

  const refuse = (error: string) => ({ ok: false, error });

  const shapeOf = (body: { text?: string | undefined; blocks?: unknown }): { blocks: Blocks } | { error: string } => {
    if (body.blocks === undefined) return body.text ? { blocks: [] } : { error: 'no_text' };
    const read = blocks.safeParse(body.blocks);
    if (!read.success) return { error: 'invalid_blocks' };
    return JSON.stringify(read.data).length > 40_000 ? { error: 'msg_blocks_too_long' } : { blocks: read.data };
  };

  const post = (body: unknown): Record<string, unknown> => {
    const read = postMessage.safeParse(body);
    if (!read.success) return refuse('invalid_arguments');
    const { channel, text = '', thread_ts: thread, reply_broadcast: broadcast = false } = read.data;
    if (channel !== SLACK_CHANNEL && channel !== '#security') return refuse('channel_not_found');
    if (thread !== undefined && !posts.some(({ ts }) => ts === thread)) return refuse('thread_not_found');
    if (broadcast && thread === undefined) return refuse('invalid_arguments');
    const shape = shapeOf(read.data);
    if ('error' in shape) return refuse(shape.error);
    count += 1;
    const ts = `1793675524.${String(count).padStart(6, '0')}`;
    posts.push({ ts, text, blocks: shape.blocks, thread, broadcast, updates: 0 });
    return { ok: true, channel: SLACK_CHANNEL, ts, message: { ts, text, blocks: shape.blocks } };
  };

  const change = (body: unknown): Record<string, unknown> => {
    const read = update.safeParse(body);
    if (!read.success) return refuse('invalid_arguments');
    // Unlike a post, an update accepts only the id of a channel.
    if (read.data.channel !== SLACK_CHANNEL) return refuse('channel_not_found');
    const found = posts.find(({ ts }) => ts === read.data.ts);
    if (found === undefined) return refuse('message_not_found');
    const shape = shapeOf(read.data);
    if ('error' in shape) return refuse(shape.error);
    Object.assign(found, { text: read.data.text ?? found.text, blocks: shape.blocks, updates: found.updates + 1 });
    return { ok: true, channel: SLACK_CHANNEL, ts: found.ts, text: found.text };
  };

  const answerOf = ({ path, headers, body }: Asked): Record<string, unknown> => {
    if (!/^application\/json(; ?charset=utf-8)?$/.test(headers['content-type'] ?? ''))
      return refuse('invalid_post_type');
    if (headers.authorization === undefined) return refuse('not_authed');
    if (headers.authorization !== `Bearer ${SLACK_TOKEN}`) return refuse('invalid_auth');
    const json = parsed(body);
    if (json === undefined) return refuse('invalid_json');
    if (path === 'POST /api/chat.postMessage') return post(json);
    return path === 'POST /api/chat.update' ? change(json) : refuse('unknown_method');
  };

  const service = await startHttpService((asked) => ({ status: 200, body: asciiOf(answerOf(asked)) }));
  return {
    ...service,
    posts,
    boards: () => posts.filter(({ thread }) => thread === undefined),
    replies: (ts) => posts.filter(({ thread }) => thread === ts),
  };
};
