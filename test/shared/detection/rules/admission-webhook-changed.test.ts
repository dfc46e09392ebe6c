import { strict as assert } from 'node:assert';
import { admissionWebhookChanged } from '../../../../shared/detection/rules/admission-webhook-changed.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'admissionregistration.k8s.io';
const hook = (clientConfig: unknown): Record<string, unknown> => ({
  webhooks: [{ name: 'a.example.com', clientConfig }],
});
const INSIDE = hook({ service: { namespace: 'policy', name: 'webhook', path: '/validate' }, caBundle: 'QQ==' });
const OUTSIDE = hook({ url: 'https://203.0.113.9/validate' });
const BASE = { verb: 'delete', group: GROUP, resource: 'validatingwebhookconfigurations', name: 'policy' };
const BINDING = { verb: 'patch', resource: 'validatingadmissionpolicybindings' };
const actions = (...validationActions: string[]): Record<string, unknown> => ({ spec: { validationActions } });
const OPERATOR = 'system:serviceaccount:policy:webhook';
const MEDIUM = { severity: 'medium' } as const;

describe('rule admission-webhook-changed', () => {
  ruleCases(admissionWebhookChanged, BASE, {
    fires: [
      ['made', { verb: 'create', request: INSIDE }, MEDIUM],
      ['its certificate, by a person', { verb: 'patch', request: INSIDE }, MEDIUM],
      [
        'made, with an address outside',
        { verb: 'create', resource: 'mutatingwebhookconfigurations', request: OUTSIDE },
      ],
      ['a policy that changes every pod', { verb: 'create', resource: 'mutatingadmissionpolicies' }, MEDIUM],
      ['the binding of one', { verb: 'patch', resource: 'mutatingadmissionpolicybindings' }, MEDIUM],
      ['a policy that only warns from now on', { ...BINDING, request: actions('Warn', 'Audit') }, MEDIUM],
      [
        'the same by an operation',
        { ...BINDING, request: { patch: [{ op: 'replace', path: '/spec/validationActions', value: ['Audit'] }] } },
        MEDIUM,
      ],
      [
        'given an address outside by an operation, whose answer is in a lost part of the entry',
        {
          verb: 'patch',
          request: { patch: [{ op: 'replace', path: '/webhooks/0/clientConfig/url', value: 'https://203.0.113.9/' }] },
        },
      ],
      [
        'by an operator, in its own namespace',
        { verb: 'patch', principal: OPERATOR, request: { webhooks: [{ name: 'a' }] }, response: INSIDE },
        { ...MEDIUM, confidence: 0.4 },
      ],
      ['made by an operator', { verb: 'create', principal: OPERATOR, request: INSIDE }, MEDIUM],
      [
        'by an operator of another namespace',
        { verb: 'update', principal: 'system:serviceaccount:shop:cart', request: INSIDE },
        MEDIUM,
      ],
      [
        'by an operator, to another namespace',
        { verb: 'update', principal: OPERATOR, request: hook({ service: { namespace: 'shop' } }), response: INSIDE },
        MEDIUM,
      ],
      [
        'by an operator, to an address outside',
        { verb: 'update', principal: OPERATOR, request: OUTSIDE, response: INSIDE },
      ],
      ['a policy that is deleted', { resource: 'validatingadmissionpolicybindings' }],
      ['a policy of Kyverno that is deleted', { group: 'kyverno.io', resource: 'clusterpolicies' }],
      ['a kind of constraints that is deleted', { group: 'templates.gatekeeper.sh', resource: 'constrainttemplates' }],
      ['deleted by whom it belongs to', { principal: 'system:serviceaccount:kyverno:kyverno-admission-controller' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.5 }],
    ],
    misses: [
      [
        'its certificate, by its owner',
        { verb: 'patch', principal: 'system:serviceaccount:cert-manager:cert-manager-cainjector' },
      ],
      ['a policy that denies', { ...BINDING, request: actions('Deny', 'Audit') }],
      ['another field of its binding', { ...BINDING, request: { metadata: { labels: {} } } }],
      ['a binding that is made', { ...BINDING, verb: 'create', request: actions('Audit') }],
      ['a policy that is made', { verb: 'create', resource: 'validatingadmissionpolicies' }],
      ['a policy of Kyverno that is changed', { verb: 'patch', group: 'kyverno.io', resource: 'clusterpolicies' }],
      ['read', { verb: 'get' }],
      ['not there', { code: 5 }],
    ],
  });

  it('names the address outside the cluster to which the webhook sends objects', () => {
    const { because } = firedBy(admissionWebhookChanged, {
      ...BASE,
      verb: 'create',
      request: OUTSIDE,
      response: OUTSIDE,
    });
    assert.equal(
      because[1],
      'it sends the objects that it sees to "https://203.0.113.9/validate", outside of the cluster',
    );
    assert.match(because[2] ?? '', /^called from/);
  });
});
