import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { firstExecIntoPod } from '../../../../shared/detection/rules/first-exec-into-pod.ts';
import { historyCases, play } from '../history-cases.ts';

const DAY = 86_400;
const EXEC: AuditEntryParts = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'ls',
};

describe('first-exec-into-pod', () => {
  historyCases(firstExecIntoPod, {
    fires: [
      ['the first of a principal in a pod', [{ s: 0, ...EXEC }]],
      ['over WebSocket', [{ s: 0, ...EXEC, verb: 'get' }]],
    ],
    misses: [
      ['refused', [{ s: 0, ...EXEC, code: 7 }]],
      ['attach', [{ s: 0, ...EXEC, subresource: 'attach' }]],
      ['of the control plane', [{ s: 0, ...EXEC, principal: 'system:kube-scheduler' }]],
    ],
  });

  it('names the pod as the target', () => {
    const [found] = play(firstExecIntoPod, [{ s: 0, ...EXEC }]).flat();
    assert.deepEqual(found?.target, {
      project: 'p1',
      location: 'europe-west1',
      cluster: 'c1',
      namespace: 'shop',
      pod: 'cart-0',
    });
  });

  it('fires for another principal, pod or cluster, and for the same after a week without', () => {
    const told = play(firstExecIntoPod, [
      { s: 0, ...EXEC },
      { s: 1, ...EXEC },
      { s: 2, ...EXEC, name: 'cart-1' },
      { s: 3, ...EXEC, principal: 'ben@example.com' },
      { s: 4, ...EXEC, cluster: 'c2' },
      { s: 6 * DAY, ...EXEC },
      { s: 12 * DAY, ...EXEC },
      { s: 20 * DAY, ...EXEC },
    ]).map((found) => found.length);
    assert.deepEqual(told, [1, 0, 1, 1, 1, 0, 0, 1]);
  });

  it('treats the replicas of a Deployment as one pod, and no other pods', () => {
    const told = play(firstExecIntoPod, [
      { s: 0, ...EXEC, name: 'cart-7d9f5c8b6-x2x4z' },
      { s: 1, ...EXEC, name: 'cart-7d9f5c8b6-q8w7n' },
      { s: 2, ...EXEC, name: 'cart-5f6b4d9c77-zzv5k' },
      { s: 3, ...EXEC, name: 'cart-db-7d9f5c8b6-x2x4z' },
      { s: 4, ...EXEC, name: 'cart-worker-queue' },
      { s: 5, ...EXEC, name: 'cart' },
    ]).map((found) => found.length);
    assert.deepEqual(told, [1, 0, 0, 1, 1, 0]);
  });

  it('fires once in each namespace for a program, whichever pod it enters', () => {
    const RUNNER = { ...EXEC, principal: 'system:serviceaccount:ci:runner' };
    const told = play(firstExecIntoPod, [
      { s: 0, ...RUNNER, namespace: 'ci', name: 'job-1' },
      { s: 1, ...RUNNER, namespace: 'ci', name: 'job-2' },
      { s: 2, ...RUNNER, namespace: 'shop', name: 'cart-0' },
      { s: 3, ...EXEC, principal: 'admin', namespace: 'ci', name: 'job-1' },
      { s: 4, ...EXEC, principal: 'admin', namespace: 'ci', name: 'job-2' },
    ]).map((found) => found.length);
    assert.deepEqual(told, [1, 0, 1, 1, 1]);
  });
});
