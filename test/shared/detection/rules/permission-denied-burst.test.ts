import type { AdminEntryParts } from '../../../../local/scenarios/admin-entry.ts';
import { permissionDeniedBurst } from '../../../../shared/detection/rules/permission-denied-burst.ts';
import { historyCases, repeated } from '../history-cases.ts';

const DENIED = (n: number): AdminEntryParts => ({
  service: n % 2 === 0 ? 'storage.googleapis.com' : 'compute.googleapis.com',
  method: n % 2 === 0 ? 'storage.buckets.list' : 'v1.compute.instances.list',
  code: 7,
});

describe('permission-denied-burst', () => {
  historyCases(permissionDeniedBurst, {
    fires: [['six over two services in an hour', repeated(6, 600, DENIED)]],
    misses: [
      ['five', repeated(5, 600, DENIED)],
      ['six of one service', repeated(6, 10, { ...DENIED(0) })],
      ['six in two hours', repeated(6, 1500, DENIED)],
      ['of as many principals', repeated(9, 10, (n) => ({ ...DENIED(n), principal: `u${n}@example.com` }))],
      ['that were let', repeated(9, 10, (n) => ({ ...DENIED(n), code: 0 }))],
    ],
  });
});
