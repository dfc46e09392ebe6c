import { machineIdentityChanged } from '../../../../shared/detection/rules/machine-identity-changed.ts';
import { adminCases } from '../admin-cases.ts';

const ADMIN = { email: 'admin@p1.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/cloud-platform'] };

describe('machine-identity-changed', () => {
  adminCases(
    machineIdentityChanged,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.instances.setServiceAccount',
      resourceName: 'projects/p1/zones/europe-west1-b/instances/gke-c1-pool-1-7d9f',
      request: ADMIN,
    },
    {
      fires: [
        [
          'of a VM that is no node',
          { resourceName: 'projects/p1/zones/europe-west1-b/instances/bastion' },
          { severity: 'medium', confidence: 0.5 },
        ],
        ['in another version of the API', { method: 'beta.compute.instances.setServiceAccount' }],
      ],
      misses: [
        ['none at all any more', { request: { scopes: [] } }],
        ['by a service of Google', { principal: 'service-123@container-engine-robot.iam.gserviceaccount.com' }],
        ['labels of a VM', { method: 'v1.compute.instances.setLabels' }],
      ],
    },
  );
});
