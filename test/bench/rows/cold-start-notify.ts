import { coldStartRow } from '../cold-start-row.ts';

export const coldStartNotify = coldStartRow('cold-start-notify', 'notify');
