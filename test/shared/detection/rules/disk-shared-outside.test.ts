import { diskSharedOutside } from '../../../../shared/detection/rules/disk-shared-outside.ts';
import { adminCases } from '../admin-cases.ts';

const accountIn = (project: string): string => `serviceAccount:a@${project}.iam.gserviceaccount.com`;

describe('disk-shared-outside', () => {
  adminCases(
    diskSharedOutside,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.disks.setIamPolicy',
      request: { policy: { bindings: [{ role: 'roles/owner', members: ['user:somebody@gmail.com'] }] } },
    },
    {
      fires: [
        ['a snapshot of a region', { method: 'v1.compute.regionSnapshots.setIamPolicy' }],
        ['an instant one of a region', { method: 'v1.compute.regionInstantSnapshots.setIamPolicy' }],
        [
          'an image, with everybody',
          {
            method: 'beta.compute.images.setIamPolicy',
            request: {
              policy: { bindings: [{ role: 'roles/compute.imageUser', members: ['allAuthenticatedUsers'] }] },
            },
          },
        ],
        [
          'a snapshot, with another domain',
          {
            method: 'v1.compute.snapshots.setIamPolicy',
            request: { policy: { bindings: [{ role: 'roles/viewer', members: ['user:eve@example.net'] }] } },
          },
        ],
        [
          'a disk, with a service account of another project',
          { request: { policy: { bindings: [{ role: 'roles/viewer', members: [accountIn('p2')] }] } } },
          { severity: 'medium', confidence: 0.4 },
        ],
      ],
      misses: [
        [
          "one's own domain",
          { request: { policy: { bindings: [{ role: 'roles/viewer', members: ['user:ben@example.com'] }] } } },
        ],
        [
          'a service account of the project',
          { request: { policy: { bindings: [{ role: 'roles/viewer', members: [accountIn('p1')] }] } } },
        ],
        [
          'a service of Google',
          {
            request: {
              policy: {
                bindings: [{ role: 'roles/viewer', members: ['serviceAccount:1@cloudservices.gserviceaccount.com'] }],
              },
            },
          },
        ],
        ['another resource', { method: 'v1.compute.instances.setIamPolicy' }],
      ],
    },
  );
});
