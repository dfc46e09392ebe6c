import type { Incident } from '../../model/incident.ts';
import { timeOf } from '../../model/time.ts';
import { fail, LATE_MS, ofBoth, ok } from '../check.ts';
import type { CommonReaders } from '../readers.ts';

type Facts = Pick<CommonReaders, 'logsOf' | 'ours'> & { late: Incident[] };

const SHOWN = 20;

/** Checks for incidents that were not continued although something was due. */
export const overdue = ofBoth<Facts>({
  id: 'overdue',
  does: 'No incident has been overdue for more than five minutes. The tick continues every due incident once a minute.',
  role: 'roles/datastore.viewer',
  read: async ({ stores, now, logsOf, ours }) => {
    const page = await stores.incidents.list({ dueBefore: timeOf(now() - LATE_MS) }, { limit: SHOWN });
    return { late: page.items, logsOf, ours };
  },
  judge: ({ late, logsOf, ours }) =>
    late.length === 0
      ? [ok('overdue', 'nothing is overdue')]
      : late.map(({ id, dueAt }) =>
          fail(id, `was due at ${dueAt} and was not continued`, `${ours('incidents', id)}; ${logsOf('operate')}`),
        ),
});
