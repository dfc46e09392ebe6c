import { strict as assert } from 'node:assert';
import { signalOfPayload } from '../../fixtures/signals.ts';

const entry = (protoPayload: Record<string, unknown>): Record<string, unknown> => ({
  insertId: 'x1',
  logName: 'projects/p1/logs/cloudaudit.googleapis.com%2Factivity',
  timestamp: '2026-03-02T10:15:30.250111Z',
  severity: 'NOTICE',
  resource: { type: 'gce_disk', labels: { project_id: 'p1', zone: 'europe-west1-b' } },
  protoPayload,
});

describe('a Google Cloud audit log entry', () => {
  it('is read as a signal without a call to Kubernetes', () => {
    const signal = signalOfPayload(
      entry({
        serviceName: 'compute.googleapis.com',
        methodName: 'v1.compute.disks.setIamPolicy',
        resourceName: 'projects/p1/zones/europe-west1-b/disks/d1',
        authenticationInfo: { principalEmail: 'ana@example.com' },
      }),
    );
    assert.equal(signal.source, 'admin-audit-log');
    assert.equal(signal.call, undefined);
    assert.equal(signal.method, 'v1.compute.disks.setIamPolicy');
    assert.deepEqual(signal.place, { project: 'p1' });
  });

  it('takes the method from its request if the method is missing', () => {
    const request = { '@type': 'type.googleapis.com/compute.disks.setIamPolicy' };
    assert.equal(signalOfPayload(entry({ authenticationInfo: {}, request })).method, 'compute.disks.setIamPolicy');
  });
});
