import { outsideMemberGranted } from '../../../../shared/detection/rules/outside-member-granted.ts';
import { adminCases } from '../admin-cases.ts';

describe('outside-member-granted', () => {
  adminCases(
    outsideMemberGranted,
    {
      service: 'cloudresourcemanager.googleapis.com',
      method: 'SetIamPolicy',
      bindingDeltas: [{ action: 'ADD', role: 'roles/viewer', member: 'user:somebody@gmail.com' }],
    },
    {
      fires: [
        [
          'everybody',
          {
            service: 'run.googleapis.com',
            method: 'google.cloud.run.v1.Services.SetIamPolicy',
            bindingDeltas: [{ action: 'ADD', role: 'roles/run.invoker', member: 'allUsers' }],
          },
        ],
        [
          'the tables of a dataset',
          { service: 'bigquery.googleapis.com', method: 'google.iam.v1.IAMPolicy.SetIamPolicy' },
        ],
        ['a key', { service: 'cloudkms.googleapis.com' }],
        ['a bucket', { service: 'storage.googleapis.com', method: 'storage.setIamPermissions' }],
        [
          'a machine, whose whole policy the log has',
          {
            service: 'compute.googleapis.com',
            method: 'v1.compute.instances.setIamPolicy',
            bindingDeltas: undefined,
            request: {
              policy: { bindings: [{ role: 'roles/compute.osAdminLogin', members: ['user:somebody@gmail.com'] }] },
            },
          },
        ],
        ['a backup plan', { service: 'gkebackup.googleapis.com', method: 'google.iam.v1.IAMPolicy.SetIamPolicy' }],
        [
          'another domain than the caller has',
          { bindingDeltas: [{ action: 'ADD', role: 'roles/viewer', member: 'group:all@example.net' }] },
          { severity: 'medium', confidence: 0.5 },
        ],
        [
          'an invitation',
          {
            method: 'InsertProjectOwnershipInvite',
            bindingDeltas: undefined,
            request: { member: 'user:somebody@gmail.com' },
          },
        ],
      ],
      misses: [
        [
          'a disk, which has a rule of its own',
          { service: 'compute.googleapis.com', method: 'v1.compute.regionDisks.setIamPolicy' },
        ],
        [
          'a bucket that everybody reads, which has a rule of its own',
          {
            service: 'storage.googleapis.com',
            method: 'storage.setIamPermissions',
            bindingDeltas: [{ action: 'ADD', role: 'roles/storage.objectViewer', member: 'allUsers' }],
          },
        ],
        [
          "one's own domain, and what is within it",
          { bindingDeltas: [{ action: 'ADD', role: 'roles/viewer', member: 'user:ben@mail.example.com' }] },
        ],
        [
          'a service account',
          {
            bindingDeltas: [
              { action: 'ADD', role: 'roles/viewer', member: 'serviceAccount:a@p2.iam.gserviceaccount.com' },
            ],
          },
        ],
        ['what is taken', { bindingDeltas: [{ action: 'REMOVE', role: 'roles/viewer', member: 'allUsers' }] }],
      ],
    },
  );
});
