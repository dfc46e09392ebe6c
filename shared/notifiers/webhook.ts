import { Transient } from '../errors.ts';
import { makePolitePost } from '../polite-post.ts';
import { quote } from '../text.ts';
import { noticeLines } from '../views/notice-text.ts';
import { webhookHeaders } from '../webhook-signature.ts';
import type { Notifier } from './notifier.ts';

/**
 * Posts each notice as JSON, signed, to an address of the operator's own. A receiver recognises a repeated notice by
 * its `webhook-id`, and an older one by its `seq`.
 */
export const webhook: Notifier = {
  id: 'webhook',
  does: 'Posts each notice as JSON to an address of your own, signed with HMAC-SHA256 over its id, time and body.',
  variables: ['FIREBREAK_WEBHOOK_URL', 'FIREBREAK_WEBHOOK_SECRET'],
  open: ({ webhook: set }, ports) => {
    if (set === undefined) return undefined;
    const post = makePolitePost('the webhook', ports);
    return async (notice) => {
      const body = JSON.stringify({ ...notice, text: noticeLines(notice) });
      const id = `${notice.incident}_${notice.seq}`;
      const headers = webhookHeaders({ id, at: ports.clock.now(), body, secrets: set.secrets });
      const answer = await post({ url: set.url, headers, body });
      if (answer.status >= 200 && answer.status < 300) return;
      throw new Transient(`the webhook answered ${answer.status}: ${quote(answer.body, 300)}`);
    };
  },
};
