import { firewallOpened } from '../../../../shared/detection/rules/firewall-opened.ts';
import { adminCases } from '../admin-cases.ts';

describe('firewall-opened', () => {
  adminCases(
    firewallOpened,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.firewalls.insert',
      resourceName: 'projects/p1/global/firewalls/open',
      request: { name: 'open', alloweds: [{ IPProtocol: 'tcp', ports: ['22'] }], sourceRanges: ['0.0.0.0/0'] },
    },
    {
      fires: [
        ['by IPv6', { request: { alloweds: [{ IPProtocol: 'all' }], sourceRanges: ['::/0'] } }],
        ['without any source, which is every one', { request: { alloweds: [{ IPProtocol: 'all' }] } }],
        ['by halves', { request: { alloweds: [{ IPProtocol: 'all' }], sourceRanges: ['0.0.0.0/1', '128.0.0.0/1'] } }],
        [
          'a change of the addresses alone',
          { method: 'v1.compute.firewalls.patch', request: { sourceRanges: ['10.0.0.0/8', '0.0.0.0/0'] } },
          { confidence: 0.5 },
        ],
        [
          'a rule of a firewall policy',
          {
            method: 'v1.compute.networkFirewallPolicies.addRule',
            resourceName: 'projects/p1/global/firewallPolicies/open',
            request: {
              action: 'allow',
              direction: 'INGRESS',
              match: { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'tcp', ports: ['22'] }] },
            },
          },
        ],
        ['a change', { method: 'v1.compute.firewalls.patch' }],
        [
          'the ports of the web',
          { request: { alloweds: [{ IPProtocol: 'tcp', ports: ['80', '443'] }], sourceRanges: ['0.0.0.0/0'] } },
          { severity: 'low', confidence: 0.35 },
        ],
      ],
      misses: [
        [
          'a rule of a firewall policy that denies',
          {
            method: 'v1.compute.networkFirewallPolicies.addRule',
            request: { action: 'deny', direction: 'INGRESS', match: { srcIpRanges: ['0.0.0.0/0'] } },
          },
        ],
        [
          'a rule of a firewall policy for one network',
          {
            method: 'v1.compute.firewallPolicies.addRule',
            request: { action: 'allow', direction: 'INGRESS', match: { srcIpRanges: ['203.0.113.0/24'] } },
          },
        ],
        [
          'a change that leaves the sources as they are',
          { method: 'v1.compute.firewalls.patch', request: { alloweds: [{ IPProtocol: 'all' }] } },
        ],
        [
          'a change of the addresses to one network',
          { method: 'v1.compute.firewalls.patch', request: { sourceRanges: ['203.0.113.0/24'] } },
        ],
        [
          'a change of the addresses of a rule that denies',
          {
            method: 'v1.compute.firewalls.patch',
            request: { denieds: [{ IPProtocol: 'all' }], sourceRanges: ['0.0.0.0/0'] },
          },
        ],
        ['a new rule that lets nothing in', { request: { sourceRanges: ['0.0.0.0/0'] } }],
        [
          'a rule for one network',
          { request: { alloweds: [{ IPProtocol: 'tcp' }], sourceRanges: ['203.0.113.0/24'] } },
        ],
        ['a rule for a tag', { request: { alloweds: [{ IPProtocol: 'tcp' }], sourceTags: ['web'] } }],
        ['a rule that denies', { request: { denieds: [{ IPProtocol: 'all' }], sourceRanges: ['0.0.0.0/0'] } }],
        [
          'a rule for what goes out',
          { request: { direction: 'EGRESS', alloweds: [{ IPProtocol: 'all' }], sourceRanges: ['0.0.0.0/0'] } },
        ],
        [
          'a rule that is off',
          { request: { disabled: true, alloweds: [{ IPProtocol: 'all' }], sourceRanges: ['0.0.0.0/0'] } },
        ],
        [
          'the service of clusters',
          { principal: 'service-123456789012@container-engine-robot.iam.gserviceaccount.com' },
        ],
      ],
    },
  );
});
