import { inProcess } from '../in-process.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';

/** The time to read one audit log entry and score it with every rule. */
export const scoreEntry: Row = {
  name: 'score-entry',
  what: 'reading and scoring an entry, its JSON.parse included, by JSON.parse of the same bytes',
  target: 1.5,
  better: 'lower',
  measure: async ({ full }) => {
    const raw = [];
    for (let n = 0; n < (full ? 7 : 3); n += 1) {
      const { score = 0, parse = 1 } = await inProcess('processes/score.ts', full ? '15' : '5', '10000');
      raw.push({ unit: 'µs an entry', score, parse, ratio: score / parse });
    }
    return { ratio: median(raw.map(({ ratio }) => ratio)), raw };
  },
};
