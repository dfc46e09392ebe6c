import { gpuInstancesCreated } from '../../../../shared/detection/rules/gpu-instances-created.ts';
import { adminCases } from '../admin-cases.ts';

describe('gpu-instances-created', () => {
  adminCases(
    gpuInstancesCreated,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.instances.insert',
      request: { guestAccelerators: [{ acceleratorCount: 8, acceleratorType: 'nvidia-l4' }] },
    },
    {
      fires: [
        [
          'by its machine type',
          { request: { machineType: 'projects/p1/zones/europe-west1-b/machineTypes/g2-standard-48' } },
        ],
        [
          'of many at once',
          {
            method: 'v1.compute.instances.bulkInsert',
            request: { count: '12', instanceProperties: { guestAccelerators: [{ acceleratorCount: 1 }] } },
          },
        ],
        [
          'many plain ones',
          { method: 'v1.compute.instances.bulkInsert', request: { count: '12', instanceProperties: {} } },
          { severity: 'medium', confidence: 0.5 },
        ],
      ],
      misses: [
        ['a plain one', { request: { machineType: 'zones/europe-west1-b/machineTypes/e2-standard-4' } }],
        ['nine plain ones', { method: 'v1.compute.instances.bulkInsert', request: { count: '9' } }],
        [
          'a group, which makes what its template says',
          { principal: '123456789012@cloudservices.gserviceaccount.com' },
        ],
      ],
    },
  );
});
