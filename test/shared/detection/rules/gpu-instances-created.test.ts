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
          'of many at once, wherever there is room',
          {
            method: 'v1.compute.regionInstances.bulkInsert',
            request: { count: '2', instanceProperties: { guestAccelerators: [{ acceleratorCount: 1 }] } },
          },
        ],
        [
          'a template of such',
          {
            method: 'v1.compute.instanceTemplates.insert',
            request: { name: 'worker', properties: { machineType: 'a2-highgpu-8g' } },
          },
          { confidence: 0.5 },
        ],
        [
          'a template of such, of one region',
          {
            method: 'v1.compute.regionInstanceTemplates.insert',
            request: { properties: { guestAccelerators: [{ acceleratorCount: 8 }] } },
          },
          { confidence: 0.5 },
        ],
        [
          'a group of many plain ones',
          { method: 'v1.compute.instanceGroupManagers.insert', request: { targetSize: '100' } },
          { severity: 'medium', confidence: 0.5 },
        ],
        [
          'many plain ones',
          { method: 'v1.compute.instances.bulkInsert', request: { count: '12', instanceProperties: {} } },
          { severity: 'medium', confidence: 0.5 },
        ],
      ],
      misses: [
        ['a small group', { method: 'v1.compute.regionInstanceGroupManagers.insert', request: { targetSize: '3' } }],
        ['a plain one', { request: { machineType: 'zones/europe-west1-b/machineTypes/e2-standard-4' } }],
        ['nine plain ones', { method: 'v1.compute.instances.bulkInsert', request: { count: '9' } }],
        [
          'a template of plain ones',
          {
            method: 'v1.compute.instanceTemplates.insert',
            request: { properties: { machineType: 'e2-standard-4', guestAccelerators: [] } },
          },
        ],
        [
          'a template that clusters make for their nodes',
          {
            method: 'v1.compute.instanceTemplates.insert',
            request: { properties: { machineType: 'a2-highgpu-8g' } },
            principal: 'service-123456789012@container-engine-robot.iam.gserviceaccount.com',
          },
        ],
        ['a template that is deleted', { method: 'v1.compute.instanceTemplates.delete' }],
        [
          'a group, which makes what its template says',
          { principal: '123456789012@cloudservices.gserviceaccount.com' },
        ],
      ],
    },
  );
});
