import { escalationVerbsGranted } from '../../../../shared/detection/rules/escalation-verbs-granted.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const role = (...verbs: string[]): Record<string, unknown> => ({
  rules: [{ apiGroups: [GROUP], resources: ['clusterroles'], verbs }],
});
const BASE = { verb: 'create', group: GROUP, resource: 'clusterroles', name: 'x', request: role('get', 'escalate') };

describe('rule escalation-verbs-granted', () => {
  ruleCases(escalationVerbsGranted, BASE, {
    fires: [
      ['bind, in a namespace', { resource: 'roles', namespace: 'shop', request: role('bind') }],
      ['impersonate, by an update', { verb: 'update', request: role('impersonate') }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['reading of roles', { request: role('get', 'list') }],
      ['a verb that begins like it', { request: role('escalates') }],
      ['by the machinery', { principal: 'system:apiserver' }],
      ['a patch of labels', { verb: 'patch', request: { metadata: {} }, response: role('bind') }],
    ],
  });
});
