import { strict as assert } from 'node:assert';
import { execIntoPod } from '../../../../shared/detection/rules/exec-into-pod.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('ls /tmp');
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule exec-into-pod', () => {
  ruleCases(execIntoPod, BASE, {
    fires: [
      ['on the pod', {}, { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-0' } }],
      ['over WebSocket', { verb: 'get' }],
      [
        'on the cluster, where the pod has no name',
        { resource: 'pods', subresource: 'exec', name: 'A_b' },
        { target: { ...CLUSTER, principal: 'ana@example.com' } },
      ],
      [
        'by a system identity, which has no business in pods',
        { principal: 'system:serviceaccount:kube-system:attacker' },
      ],
      ['by the runner of a build', { principal: 'system:serviceaccount:ci:gitlab-runner' }, { confidence: 0.3 }],
      ['by nobody in particular', { principal: null }],
      ['refused', { code: 7, message: 'forbidden' }, { severity: 'low', confidence: 0.35 }],
      ['in half an entry', { split: { uid: 'u', index: 0, totalSplits: 2 } }, { confidence: 0.27 }],
    ],
    misses: [
      ['another subresource', { subresource: 'log' }],
      ['a pod alone', { subresource: undefined }],
      ['another resource', { resource: 'services' }],
      ['another group', { group: 'example.com' }],
      ['another verb', { verb: 'delete' }],
      ['no such pod', { code: 5 }],
    ],
  });

  it('names principal, command, pod and origin, without harmful characters', () => {
    const { because, principal } = firedBy(execIntoPod, { ...BASE, command: 'echo \u001b[31m"\u202e' });
    assert.equal(because[0], `"ana@example.com" (human) ran "echo  [31m'" in Pod "cart-0" in namespace "shop"`);
    assert.match(because.at(-1) ?? '', /^called from "203.0.113.7" with "kubectl/);
    assert.equal(principal, 'ana@example.com');
  });
});
