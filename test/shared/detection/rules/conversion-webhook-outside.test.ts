import { conversionWebhookOutside } from '../../../../shared/detection/rules/conversion-webhook-outside.ts';
import { ruleCases } from '../cases.ts';

const converted = (clientConfig: Record<string, unknown>) => ({
  spec: { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } } },
});
const OUTSIDE = { url: 'https://203.0.113.7/convert', caBundle: 'LS0t' };
const ADDED = [{ op: 'add', path: '/spec/conversion/webhook/clientConfig', value: OUTSIDE }];
const BASE = {
  verb: 'patch',
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
  name: 'orders.shop.example.com',
  request: converted(OUTSIDE),
};

describe('rule conversion-webhook-outside', () => {
  ruleCases(conversionWebhookOutside, BASE, {
    fires: [
      ['from the beginning', { verb: 'create', name: undefined }],
      ['replaced', { verb: 'update' }],
      [
        'in the older version of the API',
        { version: 'v1beta1', request: { spec: { conversion: { webhookClientConfig: OUTSIDE } } } },
      ],
      [
        'by an operation on the whole',
        { request: { patch: [{ op: 'add', path: '/spec/conversion', value: converted(OUTSIDE).spec.conversion }] } },
      ],
      ['by an operation on a part', { request: { patch: ADDED }, response: converted(OUTSIDE) }],
      [
        'at a name that looks like the control plane',
        { request: converted({ url: 'https://localhost.example.com/' }) },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['by a Service', { request: converted({ service: { namespace: 'shop', name: 'orders' } }) }],
      ['a renewed certificate', { request: converted({ caBundle: 'LS0t' }), response: converted(OUTSIDE) }],
      ['another part of it', { request: { metadata: { labels: { a: 'b' } } }, response: converted(OUTSIDE) }],
      ['on the control plane', { request: converted({ url: 'https://127.0.0.1:8443/convert' }) }],
      ['its status', { subresource: 'status' }],
      ['not there', { code: 5 }],
    ],
  });
});
