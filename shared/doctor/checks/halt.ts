import { HALT_ID, type HaltRecord } from '../../model/records.ts';
import { ofBoth, ok, warn } from '../check.ts';
import type { CommonReaders } from '../readers.ts';

type Facts = Pick<CommonReaders, 'ours'> & { halt: HaltRecord | undefined };

/** Checks whether an operator has halted all changes. */
export const halt = ofBoth<Facts>({
  id: 'halt',
  does: 'No halt is in force. Under a halt, Firebreak changes nothing in any incident.',
  role: 'roles/datastore.viewer',
  read: async ({ stores, ours }) => ({ halt: await stores.halts.get(HALT_ID), ours }),
  judge: ({ halt: found, ours }) => [
    found?.halted === true
      ? warn(
          'halt',
          `${found.by} halted all changes at ${found.at}: ${found.reason}`,
          `${ours('resume')} --reason "..."`,
        )
      : ok('halt', 'no halt is in force'),
  ],
});
