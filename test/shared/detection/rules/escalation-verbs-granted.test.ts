import { escalationVerbsGranted } from '../../../../shared/detection/rules/escalation-verbs-granted.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const role = (...verbs: string[]): Record<string, unknown> => ({
  rules: [{ apiGroups: [GROUP], resources: ['clusterroles'], verbs }],
});
/** A role that grants every verb on the given resources. */
const every = (group: string, ...resources: string[]): Record<string, unknown> => ({
  rules: [{ apiGroups: [group], resources, verbs: ['*'] }],
});
const BY_WILDCARD = { confidence: 0.6 } as const;
const BASE = { verb: 'create', group: GROUP, resource: 'clusterroles', name: 'x', request: role('get', 'escalate') };

describe('rule escalation-verbs-granted', () => {
  ruleCases(escalationVerbsGranted, BASE, {
    fires: [
      ['bind, in a namespace', { resource: 'roles', namespace: 'shop', request: role('bind') }],
      ['impersonate, by an update', { verb: 'update', request: role('impersonate') }],
      ['every verb on roles', { request: every(GROUP, 'clusterroles', 'clusterrolebindings') }, BY_WILDCARD],
      [
        'every verb on roles of one namespace',
        { resource: 'roles', namespace: 'shop', request: every('*', 'roles', 'rolebindings') },
        BY_WILDCARD,
      ],
      ['every verb on all of the group of roles', { request: every(GROUP, '*') }, BY_WILDCARD],
      ['every verb on people', { request: every('', 'users', 'groups', 'serviceaccounts') }, BY_WILDCARD],
      [
        'every verb on service accounts',
        { request: every('', 'configmaps', 'serviceaccounts') },
        { severity: 'medium', confidence: 0.5 },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['reading of roles', { request: role('get', 'list') }],
      ['a verb that begins like it', { request: role('escalates') }],
      ['every verb on users of somebody else', { request: every('shop.example.com', 'users', 'groups', 'roles') }],
      ['every verb on bindings: who binds needs more', { request: every(GROUP, 'rolebindings') }],
      ['every verb on tokens of accounts', { request: every('', 'serviceaccounts/token') }],
      ['by the machinery', { principal: 'system:apiserver' }],
      ['a patch of labels', { verb: 'patch', request: { metadata: {} }, response: role('bind') }],
    ],
  });
});
