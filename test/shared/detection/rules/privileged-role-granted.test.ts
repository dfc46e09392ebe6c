import { privilegedRoleGranted } from '../../../../shared/detection/rules/privileged-role-granted.ts';
import { adminCases } from '../admin-cases.ts';

const CUSTOM = {
  service: 'iam.googleapis.com',
  method: 'google.iam.admin.v1.CreateRole',
  resourceName: 'projects/p1/roles/helper',
  bindingDeltas: undefined,
  request: {
    role_id: 'helper',
    role: { included_permissions: ['container.pods.get', 'resourcemanager.projects.setIamPolicy'] },
  },
} as const;

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
        [
          'every right, as it is called now',
          { bindingDeltas: [{ action: 'ADD', role: 'roles/admin', member: 'user:ben@example.com' }] },
        ],
        ['a custom role that gives roles', CUSTOM, { severity: 'medium', confidence: 0.5 }],
        [
          'a custom role that gets tokens, by infrastructure code',
          {
            ...CUSTOM,
            method: 'google.iam.admin.v1.UpdateRole',
            principal: 'terraform@p1.iam.gserviceaccount.com',
            request: { role: { included_permissions: ['iam.serviceAccounts.getAccessToken'] } },
          },
          { severity: 'medium', confidence: 0.35 },
        ],
        ['of a folder', { method: 'google.cloud.resourcemanager.v3.Folders.SetIamPolicy' }],
      ],
      misses: [
        [
          'a custom role that reads',
          { ...CUSTOM, request: { role: { included_permissions: ['container.pods.get', 'iam.roles.get'] } } },
        ],
        ['a custom role that is deleted', { ...CUSTOM, method: 'google.iam.admin.v1.DeleteRole' }],
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
