import { coldStartRow } from '../cold-start-row.ts';

export const coldStartOperate = coldStartRow('cold-start-operate', 'operate');
