import { bucketMadePublic } from '../../../../shared/detection/rules/bucket-made-public.ts';
import { adminCases } from '../admin-cases.ts';

describe('bucket-made-public', () => {
  adminCases(
    bucketMadePublic,
    {
      service: 'storage.googleapis.com',
      method: 'storage.setIamPermissions',
      resourceName: 'projects/_/buckets/b1',
      bindingDeltas: [{ action: 'ADD', role: 'roles/storage.objectViewer', member: 'allUsers' }],
    },
    {
      fires: [
        [
          'everybody with an account',
          { bindingDeltas: [{ action: 'ADD', role: 'roles/storage.objectViewer', member: 'allAuthenticatedUsers' }] },
        ],
      ],
      misses: [
        [
          'somebody in particular',
          { bindingDeltas: [{ action: 'ADD', role: 'roles/storage.objectViewer', member: 'user:ben@example.com' }] },
        ],
        [
          'what is taken from everybody',
          { bindingDeltas: [{ action: 'REMOVE', role: 'roles/storage.objectViewer', member: 'allUsers' }] },
        ],
      ],
    },
  );
});
