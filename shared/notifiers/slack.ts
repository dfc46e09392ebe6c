import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import type { Notice } from '../model/notice.ts';
import { makePolitePost } from '../polite-post.ts';
import { plain } from '../text.ts';
import { type SlackMessage, seenIn, slackBoard, slackReply } from '../views/slack-message.ts';
import { isOver, type Kept, type Notifier } from './notifier.ts';

/**
 * An incident's thread: where it is, the lines that its board keeps showing, the `seq` of the notice that began it, and
 * whether its board shows an end.
 */
const thread = z.object({
  channel: z.string(),
  ts: z.string(),
  seen: z.array(z.string()),
  began: z.number(),
  over: z.boolean().optional(),
});

const reply = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  channel: z.string().optional(),
  ts: z.string().optional(),
});
type Reply = z.infer<typeof reply>;

/** Errors that mean that the board no longer exists or cannot be changed: a new one is posted. */
const GONE = [
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
];
/** Errors that mean that Slack cannot read the blocks: the text alone is sent then. */
const SHAPE = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];
/**
 * Notices that are also shown in the channel, not only to those who follow the thread, because something is to be done.
 */
const LOUD: readonly Notice['kind'][] = ['raised', 'ask', 'failed', 'held', 'reminder'];

/** Keeps Slack from turning any text into a link or a mention. */
const AS_IT_IS = { parse: 'none', link_names: false } as const;

/**
 * Keeps one thread for each incident. Its first message is a board that each newer notice updates in place, and an
 * older one never; every other notice is a reply below it. The thread document is claimed before the first post.
 */
export const slack: Notifier = {
  id: 'slack',
  does: 'Posts one thread an incident: a board, updated in place, with a reply for each further notice.',
  variables: ['FIREBREAK_SLACK_TOKEN', 'FIREBREAK_SLACK_CHANNEL'],
  open: ({ slack: set, consoleUrl }, ports) => {
    if (set === undefined) return undefined;
    const post = makePolitePost('Slack', ports);

    const call = async (method: string, message: Record<string, unknown>): Promise<Reply> => {
      const { status, body } = await post({
        url: `${set.endpoint}/api/${method}`,
        headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${set.token}` },
        body: JSON.stringify(message),
      });
      const read = reply.safeParse(jsonOf(body));
      if (status !== 200 || !read.success)
        throw new Transient(`Slack answered ${status} with what is no reply to ${method}`);
      return read.data;
    };

    /**
     * Calls Slack, and once more without blocks where Slack cannot read them. Returns undefined where the board is
     * gone.
     */
    const say = async (method: string, to: Record<string, unknown>, said: SlackMessage): Promise<Reply | undefined> => {
      const first = await call(method, { ...to, ...said, ...AS_IT_IS });
      const unread = !first.ok && SHAPE.includes(first.error ?? '');
      const answer = unread ? await call(method, { ...to, text: said.text, ...AS_IT_IS }) : first;
      const { ok, error = 'no reason' } = answer;
      if (ok) return answer;
      if (GONE.includes(error) && 'ts' in to) return undefined;
      throw new Denied(`Slack refused ${method} in ${plain(String(to.channel), 100)}: ${plain(error, 100)}`);
    };

    const begin = async (notice: Notice, kept: Kept): Promise<void> => {
      const seen = seenIn(notice);
      const to = { channel: set.channel, unfurl_links: false, unfurl_media: false };
      const answer = await say('chat.postMessage', to, slackBoard(notice, { seen: notice.lines, consoleUrl }));
      await kept.write(thread.parse({ ...answer, seen, began: notice.seq, over: isOver(notice) }));
    };

    return async (notice, { kept, late }) => {
      const known = thread.safeParse(kept.read()).data;
      if (known === undefined) return begin(notice, kept);
      const { channel, ts, began, over } = known;
      if (!late) {
        // A second halt has the name of the first. In that one's thread, which may be old, nobody would see it.
        if (over === true && !isOver(notice)) return begin(notice, kept);
        const seen = seenIn(notice, known.seen);
        const updated = await say('chat.update', { channel, ts }, slackBoard(notice, { seen, consoleUrl }));
        if (updated === undefined) return begin(notice, kept);
        const ends = over !== true && isOver(notice);
        if (ends || notice.kind === 'raised') await kept.write({ ...known, seen, ...(ends ? { over: true } : {}) });
      }
      // The board itself shows this notice already: the process died before it could record that.
      if (notice.seq === began) return;
      const loud = !late && LOUD.includes(notice.kind) ? { reply_broadcast: true } : {};
      const to = { channel, thread_ts: ts, unfurl_links: false, unfurl_media: false, ...loud };
      await say('chat.postMessage', to, slackReply(notice, { late, consoleUrl }));
    };
  },
};
