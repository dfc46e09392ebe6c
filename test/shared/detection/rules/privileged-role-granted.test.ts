import { privilegedRoleGranted } from '../../../../shared/detection/rules/privileged-role-granted.ts';
import { adminCases } from '../admin-cases.ts';

describe('privileged-role-granted', () => {
  adminCases(
    privilegedRoleGranted,
    {
      service: 'cloudresourcemanager.googleapis.com',
      method: 'SetIamPolicy',
      bindingDeltas: [{ action: 'ADD', role: 'roles/owner', member: 'user:ben@example.com' }],
    },
    {
      fires: [
        [
          'clusters',
          {
            bindingDeltas: [
              { action: 'ADD', role: 'roles/container.admin', member: 'serviceAccount:a@p1.iam.gserviceaccount.com' },
            ],
          },
        ],
        ['of a folder', { method: 'google.cloud.resourcemanager.v3.Folders.SetIamPolicy' }],
      ],
      misses: [
        [
          'a role of readers',
          { bindingDeltas: [{ action: 'ADD', role: 'roles/container.viewer', member: 'user:ben@example.com' }] },
        ],
        [
          'what is taken',
          { bindingDeltas: [{ action: 'REMOVE', role: 'roles/owner', member: 'user:ben@example.com' }] },
        ],
        [
          'a service of Google',
          {
            bindingDeltas: [
              {
                action: 'ADD',
                role: 'roles/editor',
                member: 'serviceAccount:123456789012@cloudservices.gserviceaccount.com',
              },
            ],
          },
        ],
        [
          'a whole policy without a delta, which is mostly old',
          {
            bindingDeltas: undefined,
            request: { policy: { bindings: [{ role: 'roles/owner', members: ['user:ben@example.com'] }] } },
          },
        ],
      ],
    },
  );
});
