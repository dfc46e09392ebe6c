import { alternate } from '../alternate.ts';
import { coldStart } from '../cold-start.ts';
import { containClients } from '../contain-clients.ts';
import { plainFunction } from '../empty.ts';
import type { Row } from '../row.ts';
import { push } from '../start.ts';

/** The cold start of contain, until each of its clients has been called and has received an answer. */
export const coldStartContain: Row = {
  name: 'cold-start-contain',
  what: 'process start until Firestore, Pub/Sub, Storage, Compute and Kubernetes clients have answered, by that of an empty function',
  target: 2,
  better: 'lower',
  measure: async ({ full, folder }) => {
    const { subject, ask, stop } = await containClients('built');
    const empty = plainFunction(folder, 'empty');
    try {
      return await alternate(
        full ? 41 : 7,
        'ms',
        ['contain', () => coldStart(subject, ask)],
        ['empty', () => coldStart(empty, (url) => push(url, 'containment', {}))],
      );
    } finally {
      await stop();
    }
  },
};
