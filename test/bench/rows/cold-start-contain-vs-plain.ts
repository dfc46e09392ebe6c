import { alternate } from '../alternate.ts';
import { coldStart } from '../cold-start.ts';
import { containClients } from '../contain-clients.ts';
import type { Row } from '../row.ts';

/** The benefit of the build for contain's cold start. */
export const coldStartContainVsPlain: Row = {
  name: 'cold-start-contain-vs-plain',
  what: 'the same, by that of the same function with plain imports from node_modules',
  target: 0.33,
  better: 'lower',
  measure: async ({ full }) => {
    const built = await containClients('built');
    const plain = await containClients('plain');
    try {
      return await alternate(
        full ? 21 : 5,
        'ms',
        ['built', () => coldStart(built.subject, built.ask)],
        ['plain', () => coldStart(plain.subject, plain.ask)],
      );
    } finally {
      await Promise.all([built.stop(), plain.stop()]);
    }
  },
};
