import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import { plainFunction } from '../empty.ts';
import { inParallel } from '../in-parallel.ts';
import { traffic } from '../processes/traffic.ts';
import type { Row } from '../row.ts';
import { onThisMachine, startSink } from '../settings.ts';
import { push, type Subject, start } from '../start.ts';

/** The number of concurrent deliveries, as many as the deployment allows for an instance. */
const AT_ONCE = 16;

/** The number of messages for warm-up. After them, V8 has compiled everything that is called for each message. */
const WARM = 3000;

/** The number of messages that one warm process handles in a second. */
const perSecond = async (subject: Subject, entries: readonly unknown[]): Promise<number> => {
  const started = await start(subject);
  try {
    const [warming, measured] = [entries.slice(0, WARM), entries.slice(WARM)];
    await inParallel(AT_ONCE, warming, (entry, n) => push(started.url, 'audit-log', entry, `w${n}`));
    const ms = await inParallel(AT_ONCE, measured, (entry, n) => push(started.url, 'audit-log', entry, `m${n}`));
    return measured.length / (ms / 1000);
  } finally {
    await started.stop();
  }
};

/** The throughput of detect-audit-log under load. */
export const pushThroughput: Row = {
  name: 'push-throughput',
  what: 'entries a second through detect-audit-log, by those through a function that only parses the body',
  target: 0.8,
  better: 'higher',
  measure: async ({ full, built, folder }) => {
    const entries = traffic(full ? 23_000 : 8_000).map((text): unknown => JSON.parse(text));
    const parsing = plainFunction(folder, 'parsing');
    const bus = await startSink();
    const source = join(await built(), 'detect-audit-log');
    const subject = { source, target: 'detect-audit-log', env: onThisMachine(bus.url) };
    try {
      return await alternate(
        full ? 9 : 3,
        'entries/s',
        ['detect-audit-log', () => perSecond(subject, entries)],
        ['parsing', () => perSecond(parsing, entries)],
      );
    } finally {
      await bus.stop();
    }
  },
};
