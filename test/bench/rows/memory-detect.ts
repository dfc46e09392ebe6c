import { join } from 'node:path';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { startCloudStub } from '../cloud-stub.ts';
import { memoryRow } from '../memory-row.ts';
import { PRODUCTION } from '../settings.ts';
import { push } from '../start.ts';

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' } as const;

/**
 * The memory of detect-audit-log. The first event leads to a finding, so the clients of Pub/Sub and Firestore are
 * loaded and used.
 */
export const memoryDetect = memoryRow('memory-detect', 110, async (bench) => {
  const cloud = await startCloudStub();
  return {
    subject: {
      source: join(await bench.built(), 'detect-audit-log'),
      target: 'detect-audit-log',
      env: { ...PRODUCTION, ...cloud.env },
    },
    ask: (url) => push(url, 'audit-log', auditEntry({ ...EXEC, command: 'ls' })),
    stop: cloud.stop,
  };
});
