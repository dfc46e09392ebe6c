import { wildcardRole } from '../../../../shared/detection/rules/wildcard-role.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const role = (...rules: unknown[]): Record<string, unknown> => ({ metadata: { name: 'all' }, rules });
const ALL = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const gathering = (selector: unknown): Record<string, unknown> => ({
  ...role(),
  aggregationRule: { clusterRoleSelectors: [selector] },
});
const BROUGHT_ALONG = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const BASE = { verb: 'create', group: GROUP, resource: 'clusterroles', name: 'all', request: role(ALL) };

describe('rule wildcard-role', () => {
  ruleCases(wildcardRole, BASE, {
    fires: [
      ['in one namespace', { resource: 'roles', namespace: 'shop' }],
      ['of the core group', { request: role({ ...ALL, apiGroups: [''] }) }],
      ['without its groups', { request: role({ resources: ['*'], verbs: ['*'] }) }],
      [
        'of a group of its own',
        { request: role({ ...ALL, apiGroups: ['example.com'] }) },
        { severity: 'medium', confidence: 0.4 },
      ],
      ['added by a patch', { verb: 'patch', request: { rules: [ALL] } }],
      ['added by operations', { verb: 'patch', request: { patch: [] }, response: role(ALL) }],
      [
        'added by an operation on the rules',
        { verb: 'patch', request: { patch: [{ op: 'add', path: '/rules/-', value: ALL }] }, response: role(ALL) },
      ],
      [
        'by an operation that takes its limits away',
        { verb: 'patch', request: { patch: [{ op: 'remove', path: '/rules/0/resourceNames' }] }, response: role(ALL) },
      ],
      [
        'added by an operation that was refused',
        { verb: 'patch', request: { patch: [{ op: 'add', path: '/rules/-', value: ALL }] }, code: 7 },
        { severity: 'medium', confidence: 0.6 },
      ],
      [
        'by the names of the verbs',
        { request: role({ ...ALL, verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] }) },
        { confidence: 0.6 },
      ],
      [
        'a role that had them, for everybody who edits',
        {
          verb: 'patch',
          request: { metadata: { labels: { [`${GROUP}/aggregate-to-edit`]: 'true' } } },
          response: role(ALL),
        },
      ],
      [
        'the same by an operation',
        {
          verb: 'patch',
          request: { patch: [{ op: 'add', path: `/metadata/labels/${GROUP}~1aggregate-to-view`, value: 'true' }] },
          response: role(ALL),
        },
      ],
      ['as the sum of all others', { request: gathering({}) }],
      ['as the sum of what Kubernetes brings along', { request: gathering({ matchLabels: BROUGHT_ALONG }) }],
      [
        'as the sum of all others, by a patch',
        { verb: 'patch', request: { aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [] }] } } },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['the sum of some', { request: gathering({ matchLabels: { 'example.com/aggregate': 'true' } }) }],
      ['every verb on some', { request: role({ ...ALL, resources: ['pods'] }) }],
      ['reading of all', { request: role({ ...ALL, verbs: ['get', 'list'] }) }],
      [
        'verbs by their names over a group of its own',
        { request: role({ ...ALL, apiGroups: ['example.com'], verbs: ['get', 'create', 'update', 'delete'] }) },
      ],
      ['all but the deletion', { request: role({ ...ALL, verbs: ['get', 'create', 'update'] }) }],
      [
        'a role that no longer adds to others',
        {
          verb: 'patch',
          request: { metadata: { labels: { [`${GROUP}/aggregate-to-edit`]: null } } },
          response: role(ALL),
        },
      ],
      ['the two in different rules', { request: role({ ...ALL, verbs: ['get'] }, { ...ALL, resources: ['pods'] }) }],
      [
        'operations on labels',
        { verb: 'patch', request: { patch: [{ op: 'add', path: '/metadata/labels/a' }] }, response: role(ALL) },
      ],
      ['a patch of labels', { verb: 'patch', request: { metadata: { labels: {} } }, response: role(ALL) }],
      ['by the machinery', { principal: 'system:addon-manager' }],
      ['deleted', { verb: 'delete' }],
    ],
  });
});
