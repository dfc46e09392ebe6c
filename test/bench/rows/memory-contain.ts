import { containClients } from '../contain-clients.ts';
import { memoryRow } from '../memory-row.ts';

export const memoryContain = memoryRow('memory-contain', 170, () => containClients('built'));
