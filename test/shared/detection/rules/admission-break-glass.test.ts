import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
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

/** A patch of a Deployment whose response contains the break-glass label, set by this patch or before. */
const patched = (request: Record<string, unknown>): Partial<AuditEntryParts> => ({
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  name: 'cart',
  request,
  response: { spec: { template: { metadata: { labels: { [MARK]: 'true' } }, spec: podSpec() } } },
});
const template = (metadata: unknown): Record<string, unknown> => ({ spec: { template: { metadata } } });
const POINTER = '/spec/template/metadata/annotations/alpha.image-policy.k8s.io~1break-glass';

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
      ['by a merge patch of a template', patched(template({ labels: { [MARK]: 'true' } }))],
      ['by an operation on a template', patched({ patch: [{ op: 'add', path: POINTER, value: 'true' }] })],
      [
        'by an operation on all labels of a template',
        patched({ patch: [{ op: 'add', path: '/spec/template/metadata/labels', value: { [MARK]: 'true' } }] }),
      ],
      [
        'by a patch that is refused',
        { ...patched(template({ labels: { [MARK]: 'true' } })), response: undefined, code: 7 },
        { severity: 'medium', confidence: 0.7 },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['not asked for', { request: pod(podSpec(), { labels: { [MARK]: 'false' } }) }],
      ['a restart of what has it', patched(template({ annotations: { 'shop.example.com/restartedAt': 'now' } }))],
      ['a scale of what has it', patched({ patch: [{ op: 'replace', path: '/spec/replicas', value: 3 }] })],
      ['a patch that takes it away', patched(template({ labels: { [MARK]: null } }))],
      ['an operation that takes it away', patched({ patch: [{ op: 'remove', path: POINTER }] })],
      ['a patch that came to nothing', { ...patched(template({ labels: { [MARK]: 'true' } })), code: 10 }],
      ['another label', { request: pod(podSpec(), { labels: { 'image-policy.k8s.io/tier': 'true' } }) }],
      ['a variable', { request: pod(podSpec({ env: [{ name: 'MARK', value: MARK }] })) }],
    ],
  });
});
