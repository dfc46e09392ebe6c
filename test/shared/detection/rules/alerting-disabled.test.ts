import { alertingDisabled } from '../../../../shared/detection/rules/alerting-disabled.ts';
import { adminCases } from '../admin-cases.ts';

const POLICIES = 'google.monitoring.v3.AlertPolicyService';
const CHANNELS = 'google.monitoring.v3.NotificationChannelService';
const METRICS = { service: 'logging.googleapis.com', method: 'google.logging.v2.MetricsServiceV2.DeleteLogMetric' };
const MEDIUM = { severity: 'medium' } as const;

describe('rule alerting-disabled', () => {
  adminCases(
    alertingDisabled,
    { ...METRICS, resourceName: 'projects/p1/metrics/firebreak%2Ffindings' },
    {
      fires: [
        ['a metric of somebody else', { resourceName: 'projects/p1/metrics/errors' }, MEDIUM],
        [
          'a policy',
          {
            service: 'monitoring.googleapis.com',
            method: `${POLICIES}.DeleteAlertPolicy`,
            resourceName: 'projects/p1/alertPolicies/12',
          },
          MEDIUM,
        ],
        [
          'a policy that is turned off',
          {
            service: 'monitoring.googleapis.com',
            method: `${POLICIES}.UpdateAlertPolicy`,
            resourceName: 'projects/p1/alertPolicies/12',
            request: { alertPolicy: { name: 'projects/p1/alertPolicies/12', enabled: false } },
          },
          MEDIUM,
        ],
        [
          'a channel, by infrastructure code',
          {
            service: 'monitoring.googleapis.com',
            method: `${CHANNELS}.DeleteNotificationChannel`,
            resourceName: 'projects/p1/notificationChannels/12',
            principal: 'terraform@p1.iam.gserviceaccount.com',
          },
          { severity: 'medium', confidence: 0.35 },
        ],
      ],
      misses: [
        [
          'a policy that is changed',
          {
            service: 'monitoring.googleapis.com',
            method: `${POLICIES}.UpdateAlertPolicy`,
            request: { alertPolicy: { enabled: true }, updateMask: 'conditions' },
          },
        ],
        ['a policy that is made', { service: 'monitoring.googleapis.com', method: `${POLICIES}.CreateAlertPolicy` }],
        [
          'a snooze',
          { service: 'monitoring.googleapis.com', method: 'google.monitoring.v3.SnoozeService.CreateSnooze' },
        ],
        ['a dashboard', { service: 'monitoring.googleapis.com', method: 'x.DashboardsService.DeleteDashboard' }],
      ],
    },
  );
});
