import { powerfulRole } from '../../../../shared/detection/rules/powerful-role.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
/** The groups of the resources that are not in the core group. */
const GROUPS: Readonly<Record<string, string>> = {
  clusterrolebindings: GROUP,
  rolebindings: GROUP,
  mutatingwebhookconfigurations: 'admissionregistration.k8s.io',
};
const ROLES = { resources: ['roles'], verbs: ['*'] };
const role = (resource: string, ...verbs: string[]): Record<string, unknown> => ({
  rules: [{ apiGroups: [GROUPS[resource] ?? ''], resources: ['configmaps', resource], verbs }],
});
const BASE = {
  verb: 'create',
  group: GROUP,
  resource: 'clusterroles',
  name: 'x',
  request: role('pods/exec', 'create'),
};
const IN_NAMESPACE = { resource: 'roles', namespace: 'shop' };
const LOW = { severity: 'low', confidence: 0.4 } as const;

describe('rule powerful-role', () => {
  ruleCases(powerfulRole, BASE, {
    fires: [
      ['commands over WebSocket, in a namespace', { ...IN_NAMESPACE, request: role('pods/exec', 'get') }],
      ['commands in whatever has them', { request: role('*/exec', 'create') }],
      ['what stands before others, in a namespace', { ...IN_NAMESPACE, request: role('*/proxy', 'get') }],
      ['tokens of whatever has them', { request: role('*/token', '*') }],
      ['containers in pods of others', { ...IN_NAMESPACE, request: role('pods/ephemeralcontainers', 'patch') }],
      ['kubelets', { request: role('nodes/proxy', 'get') }],
      ['tokens', { request: role('serviceaccounts/token', 'create') }],
      ['approval of certificates', { request: role('certificatesigningrequests/approval', 'update') }],
      ['secrets everywhere', { request: role('secrets', 'list') }],
      ['reading of everything', { request: role('*', 'get', 'list') }],
      ['secrets of the system', { ...IN_NAMESPACE, namespace: 'kube-system', request: role('secrets', 'get') }],
      ['pods of the system', { ...IN_NAMESPACE, namespace: 'kube-system', request: role('pods', 'create') }, LOW],
      ['pods everywhere', { request: role('pods', 'create') }, LOW],
      ['workloads everywhere', { request: role('deployments', '*') }, LOW],
      ['bindings everywhere', { request: role('clusterrolebindings', 'create') }, LOW],
      ['webhooks', { request: role('mutatingwebhookconfigurations', 'patch') }, LOW],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.5 }],
    ],
    misses: [
      ['secrets of one namespace', { ...IN_NAMESPACE, request: role('secrets', 'get') }],
      ['pods of one namespace', { ...IN_NAMESPACE, request: role('pods', 'create') }],
      ['requests of certificates', { request: role('certificatesigningrequests', 'create', 'update') }],
      [
        'approval of certificates of one namespace, where there are none',
        { ...IN_NAMESPACE, request: role('certificatesigningrequests/approval', 'update') },
      ],
      ['bindings of one namespace', { ...IN_NAMESPACE, request: role('rolebindings', 'create') }],
      ['reading of webhooks', { request: role('mutatingwebhookconfigurations', 'get', 'list') }],
      ['roles of another API', { request: { rules: [{ ...ROLES, apiGroups: ['iam.example.com'] }] } }],
      ['reading of pods', { request: role('pods', 'get', 'list') }],
      ['a name that RBAC takes for no pattern', { request: role('pods/*', '*') }],
      ['a part of pods that is called otherwise', { request: role('*/execs', 'create') }],
      ['reading of containers in pods', { request: role('pods/ephemeralcontainers', 'get') }],
      ['logs', { request: role('pods/log', 'get') }],
      [
        'by the machinery',
        { principal: 'system:serviceaccount:kube-system:clusterrole-aggregation-controller', verb: 'update' },
      ],
    ],
  });
});
