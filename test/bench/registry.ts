import type { Row } from './row.ts';
import { alertToFirstChange } from './rows/alert-to-first-change.ts';
import { coldStartContain } from './rows/cold-start-contain.ts';
import { coldStartContainVsPlain } from './rows/cold-start-contain-vs-plain.ts';
import { coldStartDecide } from './rows/cold-start-decide.ts';
import { coldStartDetect } from './rows/cold-start-detect.ts';
import { coldStartNotify } from './rows/cold-start-notify.ts';
import { coldStartOperate } from './rows/cold-start-operate.ts';
import { memoryContain } from './rows/memory-contain.ts';
import { memoryDetect } from './rows/memory-detect.ts';
import { pushThroughput } from './rows/push-throughput.ts';
import { scoreEntry } from './rows/score-entry.ts';
import { simulateMillion } from './rows/simulate-million.ts';
import { sinkFilterRow } from './rows/sink-filter.ts';
import { storm } from './rows/storm.ts';

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [
  coldStartDetect,
  coldStartDecide,
  coldStartOperate,
  coldStartNotify,
  coldStartContain,
  coldStartContainVsPlain,
  memoryDetect,
  memoryContain,
  scoreEntry,
  pushThroughput,
  alertToFirstChange,
  storm,
  sinkFilterRow,
  simulateMillion,
];
