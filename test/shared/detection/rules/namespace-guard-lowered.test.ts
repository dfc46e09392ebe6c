import { namespaceGuardLowered } from '../../../../shared/detection/rules/namespace-guard-lowered.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const labelled = (level: string | null): Record<string, unknown> => ({
  metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } },
});
const operation = (op: string, value?: unknown): Record<string, unknown> => ({
  patch: [{ op, path: '/metadata/labels/pod-security.kubernetes.io~1enforce', value }],
});
const BASE = { verb: 'patch', resource: 'namespaces', name: 'shop', request: labelled('privileged') };
const QUIET = { confidence: 0.4 };

describe('rule namespace-guard-lowered', () => {
  ruleCases(namespaceGuardLowered, BASE, {
    fires: [
      ['no longer said', { request: labelled(null) }],
      ['by an operation', { request: operation('replace', 'privileged') }],
      ['no longer said, by an operation', { request: operation('remove') }],
      ['no longer said, with all other labels', { request: { metadata: { labels: null } } }],
      ['by an update', { verb: 'update' }],
      ['made so', { verb: 'create' }, QUIET],
      ['made so by server-side apply', { response: madeAt('2026-03-02T10:15:30Z') }, QUIET],
      [
        'a quota that is deleted',
        { verb: 'delete', resource: 'resourcequotas', namespace: 'shop', name: 'small' },
        QUIET,
      ],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['raised', { request: labelled('restricted') }],
      ['raised by an operation', { request: operation('replace', 'baseline') }],
      [
        'an operation on another label',
        { request: { patch: [{ op: 'add', path: '/metadata/labels/team', value: 'privileged' }] } },
      ],
      ['another label', { request: { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'privileged' } } } }],
      ['a namespace that is deleted', { verb: 'delete' }],
      ['by the platform', { principal: 'system:addon-manager' }],
      [
        'a quota that goes with its namespace',
        {
          verb: 'deletecollection',
          resource: 'resourcequotas',
          namespace: 'shop',
          name: undefined,
          principal: 'system:serviceaccount:kube-system:namespace-controller',
        },
      ],
    ],
  });
});
