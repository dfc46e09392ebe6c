import { certificateRequested } from '../../../../shared/detection/rules/certificate-requested.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const requestFor = (name: string): string =>
  base64(`-----BEGIN CERTIFICATE REQUEST-----\n${base64(`0.1.${name}.key`)}\n-----END CERTIFICATE REQUEST-----\n`);
const asking = (signerName: string, name = 'ana'): Record<string, unknown> => ({
  spec: { signerName, request: requestFor(name), usages: ['client auth'] },
});
const BASE = {
  verb: 'create',
  group: 'certificates.k8s.io',
  resource: 'certificatesigningrequests',
  name: 'ana',
  request: asking('kubernetes.io/kube-apiserver-client'),
};
const KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
const NODE = 'system:node:gke-c1-pool-1-9d8e7f6a-c1';

describe('rule certificate-requested', () => {
  ruleCases(certificateRequested, BASE, {
    fires: [
      ['for an administrator', { request: asking('example.com/own', 'system:masters') }],
      ['for an administrator, by a node', { principal: NODE, request: asking(KUBELET, 'system:masters') }],
      ['for a login, by a node', { principal: NODE }],
      ['by another signer', { request: asking('spiffe.example.com/leaf') }, { severity: 'low', confidence: 0.4 }],
      ['as a node', { request: asking(KUBELET) }, { severity: 'medium', confidence: 0.6 }],
      ['without a body', { request: undefined }, { severity: 'medium', confidence: 0.6 }],
      ['no base64', { request: { spec: { request: '\u0000 no' } } }, { severity: 'medium', confidence: 0.6 }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.8 }],
      ['by server-side apply', { verb: 'patch' }],
      [
        'by server-side apply, where the log shows only the answer',
        { verb: 'patch', request: undefined, response: madeAt('2026-03-02T10:15:30Z') },
        { severity: 'medium', confidence: 0.6 },
      ],
    ],
    misses: [
      ['by a node, for itself', { principal: NODE, request: asking(KUBELET) }],
      ['by a node that starts', { principal: 'kubelet-nodepool-bootstrap', request: asking(KUBELET) }],
      ['its state', { subresource: 'status', verb: 'update' }],
      ['read', { verb: 'get' }],
      [
        'a label of it',
        { verb: 'patch', request: { metadata: { labels: { team: 'a' } } }, response: madeAt('2026-03-02T09:00:00Z') },
      ],
      ['failed', { code: 6 }],
    ],
  });
});
