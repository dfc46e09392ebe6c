import { strict as assert } from 'node:assert';
import { OTHER_POLICIES } from '../../../../shared/containment/verdicts/other-policies.ts';
import { kubeObject } from './objects.ts';

const POD = {
  labels: { quarantine: 'true' },
  namespace: 'shop',
  namespaceLabels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
};

const mayAllow = (called: string, spec: object, more: object = {}): boolean => {
  const of = OTHER_POLICIES.find((other) => other.called === called);
  assert.ok(of, called);
  return of.mayAllow({ ...kubeObject(of.kind, {}, spec), ...more }, POD);
};

const OPEN = { fromEntities: ['all'] };
const selected = (matchLabels: object) => ({ endpointSelector: { matchLabels }, ingress: [OPEN] });
const subject = (pods: object) => ({ subject: { pods }, egress: [{ action: 'Allow' }] });
const calico = (selector: string, more: object = {}) => ({ selector, egress: [{ action: 'Allow' }], ...more });

const CASES: ReadonlyArray<[string, string, boolean, object]> = [
  ['CiliumNetworkPolicy', 'selects every pod', true, { endpointSelector: {}, egress: [{ toPorts: [{}] }] }],
  ['CiliumNetworkPolicy', 'names the source of a label', true, selected({ 'k8s:quarantine': 'true' })],
  ['CiliumNetworkPolicy', 'selects other pods', false, selected({ 'any:app': 'cart' })],
  ['CiliumNetworkPolicy', 'has empty rules, which allow nothing', false, { endpointSelector: {}, ingress: [{}] }],
  ['CiliumNetworkPolicy', 'only denies', false, { endpointSelector: {}, ingressDeny: [OPEN] }],
  ['CiliumNetworkPolicy', 'cannot be read', true, { endpointSelector: {}, ingress: 'all' }],
  ['CiliumNetworkPolicy', 'has a selector that cannot be read', true, { endpointSelector: 'all', ingress: [OPEN] }],
  ['CiliumClusterwideNetworkPolicy', 'is for nodes', false, { nodeSelector: {}, ingress: [OPEN] }],
  [
    'CiliumClusterwideNetworkPolicy',
    'names the namespace',
    true,
    selected({ 'k8s:io.kubernetes.pod.namespace': 'shop' }),
  ],
  [
    'CiliumClusterwideNetworkPolicy',
    'names another namespace',
    false,
    selected({ 'io.kubernetes.pod.namespace': 'x' }),
  ],
  [
    'CiliumClusterwideNetworkPolicy',
    'names a label that the namespace has',
    true,
    selected({ 'k8s:io.cilium.k8s.namespace.labels.team': 'a' }),
  ],
  [
    'CiliumClusterwideNetworkPolicy',
    'names a label that the namespace lacks',
    false,
    selected({ 'io.cilium.k8s.namespace.labels.team': 'b' }),
  ],
  [
    'CiliumClusterwideNetworkPolicy',
    'names a service account, which is not known here',
    true,
    selected({ 'io.cilium.k8s.policy.serviceaccount': 'x' }),
  ],
  ['AdminNetworkPolicy', 'allows', true, { subject: { namespaces: {} }, ingress: [{ action: 'Allow' }] }],
  [
    'AdminNetworkPolicy',
    'denies and passes',
    false,
    { subject: { namespaces: {} }, ingress: [{ action: 'Deny' }, { action: 'Pass' }] },
  ],
  [
    'AdminNetworkPolicy',
    'denies and allows',
    true,
    { subject: { namespaces: {} }, ingress: [{ action: 'Deny' }], egress: [{ action: 'Allow' }] },
  ],
  [
    'AdminNetworkPolicy',
    'selects pods of the namespace',
    true,
    subject({ namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: {} }),
  ],
  [
    'AdminNetworkPolicy',
    'selects other pods',
    false,
    subject({ namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } }),
  ],
  [
    'AdminNetworkPolicy',
    'selects another namespace',
    false,
    subject({ namespaceSelector: { matchLabels: { team: 'b' } }, podSelector: {} }),
  ],
  [
    'ClusterNetworkPolicy',
    'accepts',
    true,
    { tier: 'Admin', subject: { namespaces: {} }, egress: [{ action: 'Accept' }] },
  ],
  [
    'ClusterNetworkPolicy',
    'comes after NetworkPolicy',
    false,
    { tier: 'Baseline', subject: { namespaces: {} }, egress: [{ action: 'Accept' }] },
  ],
  ['ClusterNetworkPolicy', 'cannot be read', true, {}],
  ['FQDNNetworkPolicy', 'selects every pod', true, { podSelector: {}, egress: [{ matches: [] }] }],
  ['FQDNNetworkPolicy', 'cannot be read', true, { podSelector: {}, egress: 'all' }],
  ['FQDNNetworkPolicy', 'allows nothing', false, { podSelector: {}, egress: [] }],
  ["Calico's NetworkPolicy", 'selects every pod', true, calico('all()')],
  ["Calico's NetworkPolicy", 'selects other pods', false, calico("app == 'cart' && tier != 'x'")],
  ["Calico's NetworkPolicy", 'denies', false, { selector: 'all()', egress: [{ action: 'Deny' }] }],
  [
    "Calico's NetworkPolicy",
    'denies and allows',
    true,
    calico('all()', { ingress: [{ action: 'Deny' }, { action: 'Allow' }] }),
  ],
  ["Calico's GlobalNetworkPolicy", 'has no selector', true, { ingress: [{ action: 'Allow' }] }],
  ["Calico's GlobalNetworkPolicy", 'is for another namespace', false, calico('', { namespaceSelector: "team == 'b'" })],
  ["Calico's GlobalNetworkPolicy", 'cannot be read', true, { selector: 7 }],
];

describe('containment/verdicts/other-policies', () => {
  for (const [called, what, expected, spec] of CASES)
    it(`says that a ${called} ${expected ? 'may allow' : 'does not allow'} traffic that ${what}`, () => {
      assert.equal(mayAllow(called, spec), expected);
    });

  it('reads every part of a policy of Cilium that has several', () => {
    const parts = [selected({ app: 'cart' }), selected({ quarantine: 'true' })];
    assert.equal(mayAllow('CiliumNetworkPolicy', selected({ app: 'cart' }), { specs: parts }), true);
    assert.equal(mayAllow('CiliumNetworkPolicy', selected({ app: 'cart' }), { specs: parts.slice(0, 1) }), false);
  });
});
