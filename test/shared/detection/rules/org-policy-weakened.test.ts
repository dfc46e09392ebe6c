import { orgPolicyWeakened } from '../../../../shared/detection/rules/org-policy-weakened.ts';
import { adminCases } from '../admin-cases.ts';

const V2 = 'google.cloud.orgpolicy.v2.OrgPolicy';
const NAME = 'projects/p1/policies/iam.disableServiceAccountKeyCreation';
const ruled = (...rules: unknown[]): Record<string, unknown> => ({ policy: { name: NAME, spec: { rules } } });
const OLD = { service: 'cloudresourcemanager.googleapis.com', method: 'SetOrgPolicy' };
const CONSTRAINT = 'constraints/iam.disableServiceAccountKeyCreation';
const DENY = {
  service: 'iam.googleapis.com',
  method: 'google.iam.v2.Policies.DeletePolicy',
  resourceName: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fp1/denypolicies/no-keys',
};

describe('rule org-policy-weakened', () => {
  adminCases(
    orgPolicyWeakened,
    { service: 'orgpolicy.googleapis.com', method: `${V2}.DeletePolicy`, resourceName: NAME },
    {
      fires: [
        ['one that enforces nothing', { method: `${V2}.CreatePolicy`, request: ruled({ enforce: false }) }],
        ['one that allows everything', { method: `${V2}.UpdatePolicy`, request: ruled({ allowAll: true }) }],
        ['one that is reset', { method: `${V2}.UpdatePolicy`, request: { policy: { spec: { reset: true } } } }],
        ['one of IAM that denies', DENY],
        ['by infrastructure code', { principal: 'terraform@p1.iam.gserviceaccount.com' }, { confidence: 0.35 }],
        ['by the older interface', { ...OLD, request: { policy: { constraint: CONSTRAINT, booleanPolicy: {} } } }],
        ['a list, by the older interface', { ...OLD, request: { policy: { listPolicy: { allValues: 'ALLOW' } } } }],
        ['cleared, by the older interface', { ...OLD, method: 'ClearOrgPolicy', request: { constraint: CONSTRAINT } }],
      ],
      misses: [
        ['one that enforces', { method: `${V2}.CreatePolicy`, request: ruled({ enforce: true }) }],
        ['one that forbids', { method: `${V2}.UpdatePolicy`, request: ruled({ denyAll: true }) }],
        ['a list of values', { method: `${V2}.UpdatePolicy`, request: ruled({ values: { allowedValues: ['a'] } }) }],
        [
          'one that enforces, by the older interface',
          { ...OLD, request: { policy: { booleanPolicy: { enforced: true } } } },
        ],
        [
          'one of IAM that is made',
          { ...DENY, method: 'google.iam.v2.Policies.CreatePolicy', request: { policy: {} } },
        ],
        ['a read', { method: `${V2}.GetPolicy` }],
      ],
    },
  );
});
