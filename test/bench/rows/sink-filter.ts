import { RULES } from '../../../shared/detection/registry.ts';
import { sinkFilter } from '../../../shared/detection/sink-filter.ts';
import { benignDay } from '../../fixtures/benign/day.ts';
import { isExported } from '../../kit/logging-filter.ts';
import type { Row } from '../row.ts';

const MOST = 0.05;

/**
 * The share of entries that the sink exports on days without incidents. That the filter loses no finding is checked by
 * the tests (test/kit/scored.ts), not here.
 */
export const sinkFilterRow: Row = {
  name: 'sink-filter',
  what: 'the share of a benign day that the sink exports, by 5 %',
  target: 1,
  better: 'lower',
  measure: async ({ full }) => {
    const filter = sinkFilter(RULES);
    const raw = [];
    for (const seed of full ? [1, 2, 3, 4, 5] : [1]) {
      let [entries, exported, bytes, sent] = [0, 0, 0, 0];
      for (const entry of benignDay({ seed, day: 8 })) {
        const size = JSON.stringify(entry).length;
        const out = isExported(filter, entry);
        entries += 1;
        bytes += size;
        exported += out ? 1 : 0;
        sent += out ? size : 0;
      }
      raw.push({ seed, entries, exported, share: exported / entries, shareOfBytes: sent / bytes });
    }
    return { ratio: Math.max(...raw.map(({ share }) => share)) / MOST, raw };
  },
};
