import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { unauthenticatedProbeBurst } from '../../../../shared/detection/rules/unauthenticated-probe-burst.ts';
import { historyCases, repeated } from '../history-cases.ts';

const PROBE: AuditEntryParts = { verb: 'list', resource: 'pods', principal: null, code: 16 };

describe('unauthenticated-probe-burst', () => {
  historyCases(unauthenticatedProbeBurst, {
    fires: [['fifty-one in an hour', repeated(51, 60, PROBE)]],
    misses: [
      ['fifty', repeated(50, 60, PROBE)],
      ['fifty-one in two hours', repeated(51, 150, PROBE)],
      ['from as many addresses', repeated(60, 1, (n) => ({ ...PROBE, callerIp: `203.0.113.${n}` }))],
      ['of a caller with a name', repeated(60, 1, { ...PROBE, principal: 'ana@example.com' })],
      ['that were let', repeated(60, 1, { ...PROBE, code: 0 })],
    ],
  });
});
