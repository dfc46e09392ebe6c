import type { DeadLetter } from '../../model/records.ts';
import { counted } from '../../text.ts';
import { topicText } from '../../topic-text.ts';
import { ofBoth, ok, warn } from '../check.ts';
import type { CommonReaders } from '../readers.ts';

type Facts = Pick<CommonReaders, 'ours'> & { letters: DeadLetter[]; more: boolean };

const SHOWN = 100;

/** Checks for messages that no function could handle. */
export const deadLetters = ofBoth<Facts>({
  id: 'dead-letters',
  does: 'There are no dead letters, which are messages that were given up after ten deliveries.',
  role: 'roles/datastore.viewer',
  read: async ({ stores, ours }) => {
    const { items, next } = await stores.dead.list({}, { limit: SHOWN });
    return { letters: items, more: next !== undefined, ours };
  },
  judge: ({ letters, more, ours }) => {
    if (letters.length === 0) return [ok('dead-letters', 'none')];
    const topics = [...new Set(letters.map(({ topic }) => topicText(topic)))].join(', ');
    const count = more
      ? `${letters.length} or more messages were`
      : counted(letters.length, 'message was', 'messages were');
    return [warn('dead-letters', `${count} given up, from ${topics}`, ours('dead-letters'))];
  },
});
