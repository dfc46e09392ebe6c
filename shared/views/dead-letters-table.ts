import type { DeadLetter } from '../model/records.ts';
import { newestFirst } from '../model/time.ts';
import { plain } from '../text.ts';
import { topicText } from '../topic-text.ts';
import { tableText } from './table.ts';
import type { TextOptions } from './text-options.ts';
import { ageText } from './time.ts';

/**
 * Dead letters as a table, newest first: id, topic, deliveries, age, and the reason as far as it is known. Where a row
 * does not fit into `columns`, each stands on lines of its own.
 */
export const deadLettersTable = (letters: readonly DeadLetter[], { palette, now, columns }: TextOptions): string =>
  tableText(
    ['DEAD LETTER', 'TOPIC', 'DELIVERIES', 'AGE', 'BECAUSE'].map((word) => palette.dim(word)),
    newestFirst(letters, ({ at }) => at).map(({ id, topic, deliveries, at, error }) => [
      id,
      topicText(topic),
      deliveries === undefined ? '-' : String(deliveries),
      ageText(now - Date.parse(at)),
      error === undefined ? 'see the log of its function' : plain(error, 120),
    ]),
    columns,
  );
