import { admissionBreakGlass } from '../../../../shared/detection/rules/admission-break-glass.ts';
import { pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const MARK = 'image-policy.k8s.io/break-glass';
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(podSpec(), { labels: { [MARK]: 'true' } }),
};

describe('rule admission-break-glass', () => {
  ruleCases(admissionBreakGlass, BASE, {
    fires: [
      ['by the older annotation', { request: pod(podSpec(), { annotations: { [`alpha.${MARK}`]: 'true' } }) }],
      [
        'in a template',
        {
          group: 'apps',
          resource: 'deployments',
          request: { spec: { template: { metadata: { annotations: { [MARK]: 'true' } }, spec: podSpec() } } },
        },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['not asked for', { request: pod(podSpec(), { labels: { [MARK]: 'false' } }) }],
      ['another label', { request: pod(podSpec(), { labels: { 'image-policy.k8s.io/tier': 'true' } }) }],
      ['a variable', { request: pod(podSpec({ env: [{ name: 'MARK', value: MARK }] })) }],
    ],
  });
});
