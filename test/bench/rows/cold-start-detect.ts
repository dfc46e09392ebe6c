import { coldStartRow } from '../cold-start-row.ts';

export const coldStartDetect = coldStartRow('cold-start-detect', 'detect-audit-log');
