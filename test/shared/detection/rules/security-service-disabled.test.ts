import { securityServiceDisabled } from '../../../../shared/detection/rules/security-service-disabled.ts';
import { adminCases } from '../admin-cases.ts';

describe('security-service-disabled', () => {
  adminCases(
    securityServiceDisabled,
    {
      service: 'serviceusage.googleapis.com',
      method: 'google.api.serviceusage.v1.ServiceUsage.DisableService',
      resourceName: 'projects/123456789012/services/containersecurity.googleapis.com',
    },
    {
      fires: [
        [
          'of several',
          {
            method: 'google.api.serviceusage.v1.ServiceUsage.BatchDisableServices',
            resourceName: 'projects/p1',
            request: { serviceIds: ['run.googleapis.com', 'logging.googleapis.com'] },
          },
        ],
        [
          'a detector',
          {
            service: 'securitycentermanagement.googleapis.com',
            method: 'google.cloud.securitycentermanagement.v1.SecurityCenterManagement.UpdateSecurityCenterService',
            request: { securityCenterService: { intendedEnablementState: 'DISABLED' } },
          },
        ],
        [
          'where findings are sent',
          {
            service: 'securitycenter.googleapis.com',
            method: 'google.cloud.securitycenter.v2.SecurityCenter.DeleteNotificationConfig',
            resourceName: 'organizations/1/locations/global/notificationConfigs/siem',
          },
        ],
        [
          'a rule that mutes findings',
          {
            service: 'securitycenter.googleapis.com',
            method: 'google.cloud.securitycenter.v2.SecurityCenter.CreateMuteConfig',
            resourceName: 'projects/p1/locations/global',
          },
          { severity: 'medium', confidence: 0.5 },
        ],
      ],
      misses: [
        ['another API', { resourceName: 'projects/p1/services/translate.googleapis.com' }],
        ['one that is turned on', { method: 'google.api.serviceusage.v1.ServiceUsage.EnableService' }],
        [
          'a detector that is turned on',
          {
            service: 'securitycentermanagement.googleapis.com',
            method: 'google.cloud.securitycentermanagement.v1.SecurityCenterManagement.UpdateSecurityCenterService',
            request: { securityCenterService: { intendedEnablementState: 'ENABLED' } },
          },
        ],
      ],
    },
  );
});
