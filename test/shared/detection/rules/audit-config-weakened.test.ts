import { auditConfigWeakened } from '../../../../shared/detection/rules/audit-config-weakened.ts';
import { adminCases } from '../admin-cases.ts';

describe('audit-config-weakened', () => {
  adminCases(
    auditConfigWeakened,
    {
      service: 'cloudresourcemanager.googleapis.com',
      method: 'SetIamPolicy',
      auditConfigDeltas: [{ action: 'REMOVE', service: 'allServices', logType: 'DATA_READ' }],
    },
    {
      fires: [
        [
          'who is exempted',
          {
            auditConfigDeltas: [
              { action: 'ADD', service: 'allServices', logType: 'DATA_READ', exemptedMember: 'user:ana@example.com' },
            ],
          },
        ],
      ],
      misses: [
        [
          'logs that are turned on',
          { auditConfigDeltas: [{ action: 'ADD', service: 'allServices', logType: 'DATA_READ' }] },
        ],
        [
          'an exemption that ends',
          {
            auditConfigDeltas: [
              {
                action: 'REMOVE',
                service: 'allServices',
                logType: 'DATA_READ',
                exemptedMember: 'user:ana@example.com',
              },
            ],
          },
        ],
        [
          'a change of roles',
          {
            auditConfigDeltas: undefined,
            bindingDeltas: [{ action: 'ADD', role: 'roles/viewer', member: 'user:ben@example.com' }],
          },
        ],
      ],
    },
  );
});
