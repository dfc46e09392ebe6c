import { impersonationRoleGranted } from '../../../../shared/detection/rules/impersonation-role-granted.ts';
import { adminCases } from '../admin-cases.ts';

describe('impersonation-role-granted', () => {
  adminCases(
    impersonationRoleGranted,
    {
      service: 'iam.googleapis.com',
      method: 'google.iam.admin.v1.SetIAMPolicy',
      bindingDeltas: [{ action: 'ADD', role: 'roles/iam.serviceAccountTokenCreator', member: 'user:ben@example.com' }],
    },
    {
      fires: [
        ['on a project', { service: 'cloudresourcemanager.googleapis.com', method: 'SetIamPolicy' }],
        [
          'to a workload',
          {
            bindingDeltas: [
              {
                action: 'ADD',
                role: 'roles/iam.workloadIdentityUser',
                member: 'serviceAccount:p1.svc.id.goog[shop/cart]',
              },
            ],
          },
          { severity: 'low', confidence: 0.35 },
        ],
      ],
      misses: [
        [
          'what is taken',
          {
            bindingDeltas: [
              { action: 'REMOVE', role: 'roles/iam.serviceAccountTokenCreator', member: 'user:ben@example.com' },
            ],
          },
        ],
        [
          'another role',
          {
            bindingDeltas: [{ action: 'ADD', role: 'roles/iam.serviceAccountViewer', member: 'user:ben@example.com' }],
          },
        ],
        [
          'a service of Google',
          {
            bindingDeltas: [
              {
                action: 'ADD',
                role: 'roles/iam.serviceAccountTokenCreator',
                member: 'serviceAccount:service-12@gcp-sa-pubsub.iam.gserviceaccount.com',
              },
            ],
          },
        ],
      ],
    },
  );
});
