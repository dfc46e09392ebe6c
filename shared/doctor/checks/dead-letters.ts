import { allOf } from '../../decision/pages.ts';
import type { DeadLetter } from '../../model/records.ts';
import { msOf } from '../../model/time.ts';
import { counted } from '../../text.ts';
import { topicText } from '../../topic-text.ts';
import { ofBoth, ok, warn } from '../check.ts';
import type { CommonReaders } from '../readers.ts';

type Facts = Pick<CommonReaders, 'ours'> & { topics: DeadLetter['topic'][]; older: number };

/** Dead letters are kept for ever. One that was dealt with must not be warned of for ever. */
const DAYS = 7;

/** Checks for messages that no function could handle. */
export const deadLetters = ofBoth<Facts>({
  id: 'dead-letters',
  does: `In the last ${DAYS} days, no message was given up after ten deliveries.`,
  role: 'roles/datastore.viewer',
  read: async ({ stores, now, ours }) => {
    const since = now() - DAYS * 24 * 60 * 60_000;
    const topics: DeadLetter['topic'][] = [];
    let older = 0;
    for await (const { topic, at } of allOf(stores.dead, {})) {
      if (msOf(at) < since) older += 1;
      else topics.push(topic);
    }
    return { topics, older, ours };
  },
  judge: ({ topics, older, ours }) => {
    if (topics.length > 0) {
      const from = [...new Set(topics.map(topicText))].join(', ');
      const count = counted(topics.length, 'message was', 'messages were');
      return [warn('dead-letters', `${count} given up in the last ${DAYS} days, from ${from}`, ours('dead-letters'))];
    }
    return [ok('dead-letters', older === 0 ? 'none' : `none in the last ${DAYS} days, ${older} before`)];
  },
});
