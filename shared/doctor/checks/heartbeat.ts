import { msOf, type Time } from '../../model/time.ts';
import { fail, LATE_MS, ofBoth, ok } from '../check.ts';

type Facts = { now: number; runsSince: Time | undefined; handledAt: Time | undefined; logsOf(name: string): string };

/** Checks whether the tick arrives, which proves that topics, subscriptions and the function work together. */
export const heartbeat = ofBoth<Facts>({
  id: 'heartbeat',
  does: 'operate has handled a tick in the last five minutes, which shows that messages are published, delivered and acknowledged.',
  role: 'roles/logging.viewer',
  read: async ({ now, runsSince, lastTick, logsOf }) => ({
    now: now(),
    runsSince,
    handledAt: await lastTick(),
    logsOf,
  }),
  judge: ({ now, runsSince, handledAt, logsOf }) => {
    const isNew = runsSince !== undefined && now - msOf(runsSince) < LATE_MS;
    if (handledAt === undefined && isNew) return [ok('operate', 'has just started, and has not handled a tick yet')];
    if (handledAt === undefined) return [fail('operate', 'has not handled any tick', logsOf('operate'))];
    const late = now - msOf(handledAt);
    return [
      late > LATE_MS
        ? fail(
            'operate',
            `handled the last tick at ${handledAt}, ${Math.round(late / 60_000)} min ago`,
            logsOf('operate'),
          )
        : ok('operate', `handled a tick at ${handledAt}`),
    ];
  },
});
