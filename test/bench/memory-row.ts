import { median } from './median.ts';
import type { Row } from './row.ts';
import { residentBytes, type Subject, start } from './start.ts';

type Prepared = { subject: Subject; ask(url: string): Promise<void>; stop(): Promise<void> };

/** The row for resident memory after the first event, relative to an allowed amount. */
export const memoryRow = (
  name: string,
  megabytes: number,
  prepare: (bench: Parameters<Row['measure']>[0]) => Promise<Prepared>,
): Row => ({
  name,
  what: `resident memory after the first event, by ${megabytes} MB`,
  target: 1,
  better: 'lower',
  measure: async (bench) => {
    const { subject, ask, stop } = await prepare(bench);
    const values: number[] = [];
    try {
      for (let n = 0; n < (bench.full ? 15 : 5); n += 1) {
        const started = await start(subject);
        await ask(started.url).finally(() => values.push(residentBytes(started.pid) / 1e6));
        await started.stop();
      }
    } finally {
      await stop();
    }
    return { ratio: median(values) / megabytes, raw: [{ unit: 'MB', median: median(values), values }] };
  },
});
