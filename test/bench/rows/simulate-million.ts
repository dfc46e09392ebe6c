import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { alternate } from '../alternate.ts';
import { inProcess } from '../in-process.ts';
import { traffic } from '../processes/traffic.ts';
import type { Row } from '../row.ts';

const BLOCK = 10_000;

/** The time to simulate a long record, whose length must not affect the memory used. */
export const simulateMillion: Row = {
  name: 'simulate-million',
  what: '`firebreak simulate` on a record, by JSON.parse of the same lines; the whole million with --full',
  target: 3,
  better: 'lower',
  measure: async ({ full, folder }) => {
    const entries = full ? 1_000_000 : 30_000;
    const file = join(folder, 'entries.ndjson');
    const block = `${traffic(BLOCK).join('\n')}\n`;
    await pipeline(
      (function* () {
        for (let n = 0; n < entries; n += BLOCK) yield block;
      })(),
      createWriteStream(file),
    );
    const most: number[] = [];
    const run = async (what: 'simulate' | 'parse'): Promise<number> => {
      const { ms = 0, megabytes = 0 } = await inProcess('processes/simulate.ts', what, file);
      if (what === 'simulate') most.push(Math.round(megabytes));
      return ms;
    };
    const measured = await alternate(3, 'ms', ['simulate', () => run('simulate')], ['JSON.parse', () => run('parse')]);
    return { ...measured, raw: [...measured.raw, { entries, peakMegabytes: most }] };
  },
};
