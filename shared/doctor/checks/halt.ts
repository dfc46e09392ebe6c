import type { HaltRecord } from '../../model/records.ts';
import { ofBoth, ok, warn } from '../check.ts';

const ID = 'halt';

/** Whether everything stands still because somebody said so. */
export const halt = ofBoth<{ halt: HaltRecord | undefined }>({
  id: 'halt',
  does: 'No halt holds: under one, nothing is changed in any incident.',
  role: 'roles/datastore.viewer',
  read: async ({ stores }) => ({ halt: await stores.halts.get(ID) }),
  judge: ({ halt: found }) => [
    found?.halted === true
      ? warn(
          'halt',
          `nothing is changed since ${found.at}, because ${found.by} said so: ${found.reason}`,
          'firebreak resume --reason "..."',
        )
      : ok('halt', 'no halt holds'),
  ],
});
