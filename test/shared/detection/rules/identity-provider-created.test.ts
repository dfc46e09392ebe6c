import { identityProviderCreated } from '../../../../shared/detection/rules/identity-provider-created.ts';
import { adminCases } from '../admin-cases.ts';

describe('identity-provider-created', () => {
  adminCases(
    identityProviderCreated,
    { service: 'iam.googleapis.com', method: 'google.iam.v1.WorkloadIdentityPools.CreateWorkloadIdentityPoolProvider' },
    {
      fires: [
        ['a pool of people', { method: 'google.iam.admin.v1.WorkforcePools.UpdateWorkforcePool' }],
        ['a pool', { method: 'google.iam.v1.WorkloadIdentityPools.CreateWorkloadIdentityPool' }],
      ],
      misses: [
        ['one that ends', { method: 'google.iam.v1.WorkloadIdentityPools.DeleteWorkloadIdentityPool' }],
        ['one that is looked at', { method: 'google.iam.v1.WorkloadIdentityPools.GetWorkloadIdentityPool' }],
      ],
    },
  );
});
