import type { HaltRecord } from '../../model/records.ts';
import { ofBoth, ok, warn } from '../check.ts';
import type { CommonReaders } from '../readers.ts';

type Facts = Pick<CommonReaders, 'ours'> & { halt: HaltRecord | undefined };

const ID = 'halt';

/** Whether everything stands still because somebody said so. */
export const halt = ofBoth<Facts>({
  id: 'halt',
  does: 'No halt holds: under one, nothing is changed in any incident.',
  role: 'roles/datastore.viewer',
  read: async ({ stores, ours }) => ({ halt: await stores.halts.get(ID), ours }),
  judge: ({ halt: found, ours }) => [
    found?.halted === true
      ? warn(
          'halt',
          `halted since ${found.at} by ${found.by} (${found.reason}): nothing is changed until somebody resumes`,
          `${ours('resume')} --reason "..."`,
        )
      : ok('halt', 'no halt holds'),
  ],
});
