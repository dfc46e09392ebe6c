import { networkLogsDisabled } from '../../../../shared/detection/rules/network-logs-disabled.ts';
import { adminCases } from '../admin-cases.ts';

describe('network-logs-disabled', () => {
  adminCases(
    networkLogsDisabled,
    { service: 'compute.googleapis.com', method: 'v1.compute.subnetworks.patch', request: { enableFlowLogs: false } },
    {
      fires: [
        ['by the newer field', { request: { logConfig: { enable: false } } }],
        [
          'of DNS',
          {
            service: 'dns.googleapis.com',
            method: 'dns.policies.patch',
            request: { policy: { enableLogging: false } },
          },
        ],
        [
          'by a configuration that is deleted',
          {
            service: 'networkmanagement.googleapis.com',
            method: 'google.cloud.networkmanagement.v1.VpcFlowLogsService.DeleteVpcFlowLogsConfig',
            request: undefined,
          },
        ],
        [
          'by a configuration that is turned off',
          {
            service: 'networkmanagement.googleapis.com',
            method: 'google.cloud.networkmanagement.v1.VpcFlowLogsService.UpdateVpcFlowLogsConfig',
            request: { vpcFlowLogsConfig: { state: 'DISABLED' } },
          },
        ],
      ],
      misses: [
        [
          'a configuration that is changed',
          {
            service: 'networkmanagement.googleapis.com',
            method: 'google.cloud.networkmanagement.v1.VpcFlowLogsService.UpdateVpcFlowLogsConfig',
            request: { vpcFlowLogsConfig: { state: 'ENABLED', flowSampling: 0.5 } },
          },
        ],
        ['logs that are turned on', { request: { enableFlowLogs: true } }],
        ['another change', { request: { privateIpGoogleAccess: false } }],
      ],
    },
  );
});
