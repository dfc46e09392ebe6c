import type { Row } from './row.ts';
import { coldStartDecide } from './rows/cold-start-decide.ts';
import { coldStartDetect } from './rows/cold-start-detect.ts';
import { coldStartNotify } from './rows/cold-start-notify.ts';
import { coldStartOperate } from './rows/cold-start-operate.ts';
import { scoreEntry } from './rows/score-entry.ts';
import { simulateMillion } from './rows/simulate-million.ts';
import { sinkFilterRow } from './rows/sink-filter.ts';

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [
  coldStartDetect,
  coldStartDecide,
  coldStartOperate,
  coldStartNotify,
  scoreEntry,
  sinkFilterRow,
  simulateMillion,
];
