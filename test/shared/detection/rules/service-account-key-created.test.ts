import { serviceAccountKeyCreated } from '../../../../shared/detection/rules/service-account-key-created.ts';
import { adminCases } from '../admin-cases.ts';

describe('service-account-key-created', () => {
  adminCases(
    serviceAccountKeyCreated,
    { service: 'iam.googleapis.com', method: 'google.iam.admin.v1.CreateServiceAccountKey' },
    {
      fires: [
        ['one that is brought along', { method: 'google.iam.admin.v1.UploadServiceAccountKey' }],
        ['a disabled one that is enabled again', { method: 'google.iam.admin.v1.EnableServiceAccountKey' }],
        ['one for Cloud Storage', { service: 'storage.googleapis.com', method: 'storage.hmacKeys.create' }],
      ],
      misses: [
        ['a new object', { service: 'storage.googleapis.com', method: 'storage.objects.create' }],
        ['the account', { method: 'google.iam.admin.v1.CreateServiceAccount' }],
        ['a key that is disabled', { method: 'google.iam.admin.v1.DisableServiceAccountKey' }],
        ['a key that is deleted', { method: 'google.iam.admin.v1.DeleteServiceAccountKey' }],
      ],
    },
  );
});
