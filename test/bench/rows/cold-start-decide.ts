import { coldStartRow } from '../cold-start-row.ts';

export const coldStartDecide = coldStartRow('cold-start-decide', 'decide');
