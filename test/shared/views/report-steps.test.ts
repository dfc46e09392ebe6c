import { strict as assert } from 'node:assert';
import { Malformed } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import { reportStep } from '../../../shared/views/report-steps.ts';
import { entry } from './fixtures.ts';
import { host, pod, reportedIncident } from './report-fixtures.ts';

const second = { ...pod, uid: 'pod-2', name: 'cart-2', host: { ...host, id: '22', node: 'n-2' } };
const bare = { ...pod, uid: 'pod-3', name: 'debug', namespace: 'tools', owners: [], host: undefined };
const workload: Subject = {
  kind: 'workload',
  uid: 'set-1',
  namespace: 'data',
  owner: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'ledger', uid: 'set-1' },
  addedAt: pod.addedAt,
};
const node: Subject = { kind: 'node', uid: '44', host: { ...host, id: '44', node: 'n-4' }, addedAt: pod.addedAt };
const subjects: Subject[] = [node, bare, pod, second, workload];

const stepOn = (uid: string) =>
  reportStep(entry('delete-workload', 500, { uid }), reportedIncident({ subjects }), new Map());

describe('views/report-steps', () => {
  it('finds the pod and the node of a step among those of all pods of the incident', () => {
    assert.equal(stepOn('pod-2').pod().name, 'cart-2');
    assert.equal(stepOn(pod.uid).pod().name, pod.name);
    assert.equal(stepOn('22').host().node, 'n-2');
    assert.equal(stepOn('44').host().node, 'n-4');
  });

  it('finds a controller by a pod of it, or where the incident is about the controller alone', () => {
    const [, deployment] = pod.owners;
    assert.deepEqual(stepOn(deployment?.uid ?? '').owner(), { owner: deployment, namespace: 'shop' });
    assert.deepEqual(stepOn('set-1').owner(), { owner: workload.owner, namespace: 'data' });
  });

  it('takes a pod without a controller for its own', () => {
    assert.deepEqual(stepOn('pod-3').owner(), {
      owner: { apiVersion: 'v1', kind: 'Pod', name: 'debug', uid: 'pod-3' },
      namespace: 'tools',
    });
  });

  it('has its own before-image, else that of the same step on the same subject in what it shares', () => {
    const [own, first, second, other] = ['own', 'first', 'second', 'other'].map((name) => ({ name }));
    const journal = [
      entry('keep-disks', 100, { uid: '44', before: other }),
      entry('cordon-node', 200, { uid: '11', before: first }),
      entry('cordon-node', 300, { uid: '44', before: second }),
    ];
    const shared: Host = { v: 1, rev: 1, writer: 'w', id: '44', instance: '44', node: 'n-4', holders: [], journal };
    const imageOf = (over: Partial<Entry>): unknown =>
      reportStep(
        entry('cordon-node', 500, { uid: '44', ...over }),
        reportedIncident({ subjects }),
        new Map([['44', shared]]),
      ).before;
    assert.deepEqual(imageOf({ host: '44' }), second);
    assert.deepEqual(imageOf({ host: '44', before: own }), own);
    assert.deepEqual([imageOf({}), imageOf({ host: '55' })], [{}, {}]);
  });

  it('says which subject the incident does not name any more', () => {
    const gone = stepOn('gone');
    assert.throws(() => gone.pod(), new Malformed('the incident does not say any more which pod that was'));
    assert.throws(() => gone.host(), new Malformed('the incident does not say any more which node that was'));
    assert.throws(() => gone.owner(), new Malformed('the incident does not say any more which controller that was'));
  });
});
