import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { reconnaissanceBurst } from '../../../../shared/detection/rules/reconnaissance-burst.ts';
import { historyCases, play, repeated } from '../history-cases.ts';

const READ: AuditEntryParts = { verb: 'list', resource: 'pods', log: 'data_access' };
const KINDS = ['pods', 'services', 'roles', 'nodes', 'secrets'];
const survey = (kinds: string[], every: number, change: Partial<AuditEntryParts> = {}) =>
  repeated(kinds.length, every, (n) => ({ ...READ, resource: kinds[n] ?? '', ...change }));

describe('reconnaissance-burst', () => {
  historyCases(reconnaissanceBurst, {
    fires: [
      ['five kinds in half a minute, rights among them', survey(KINDS, 6)],
      [
        'what one may do, asked of the server',
        survey(['pods', 'services', 'nodes', 'secrets'], 6).concat([
          { s: 30, verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews' },
        ]),
      ],
      ['that is refused', survey(KINDS, 6, { code: 7 })],
    ],
    misses: [
      ['five kinds without rights', survey(['pods', 'services', 'nodes', 'secrets', 'configmaps'], 6)],
      ['five kinds without the layout', survey(['roles', 'rolebindings', 'secrets', 'configmaps', 'clusterroles'], 6)],
      ['four kinds, again and again', survey([...KINDS.slice(0, 4), ...KINDS.slice(0, 4)], 6)],
      ['five kinds in two minutes', survey(KINDS, 30)],
      ['of the control plane', survey(KINDS, 6, { principal: 'system:kube-controller-manager' })],
      ['writing', survey(KINDS, 6, { verb: 'update' })],
    ],
  });

  it('has a lower claim for a program, which may read everything when it starts', () => {
    const [found] = play(
      reconnaissanceBurst,
      survey(KINDS, 6, { principal: 'system:serviceaccount:argocd:server' }),
    ).flat();
    assert.deepEqual([found?.severity, found?.confidence], ['medium', 0.45]);
  });
});
