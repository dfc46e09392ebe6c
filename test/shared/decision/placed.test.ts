import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { subjectsWith } from '../../../shared/decision/merge.ts';
import { nodesUntilOf, placedSince, unplaced } from '../../../shared/decision/placed.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { type Time, timeOf } from '../../../shared/model/time.ts';
import { NOW, pod } from './fixtures.ts';

const bare = (over: Partial<PodSubject> = {}): PodSubject => {
  const { host: _, ...rest } = pod(over);
  return rest;
};
const UNTIL = timeOf(NOW + 120_000);

const objectOf = ({ uid, namespace, name }: PodSubject, spec = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid, resourceVersion: '1', creationTimestamp: timeOf(NOW) },
  spec,
});

/** The pods of an incident on one pod that got a node, where the cluster has this object under its name. */
const placed = (
  held: PodSubject,
  object: KubeObject | undefined,
  waiting: { nodesUntil?: Time } = { nodesUntil: UNTIL },
) =>
  placedSince({ get: async () => object }, { subjects: [held], ...waiting }, async () => ({
    subject: pod(),
    key: 'd-1',
    topUid: 'd-1',
    notes: [],
  }));

describe('a pod without a node', () => {
  it('has its node awaited for two minutes from when it joins', () => {
    assert.equal(nodesUntilOf({ subjects: [] }, [bare()], NOW), UNTIL);
    assert.equal(nodesUntilOf({ subjects: [bare()], nodesUntil: UNTIL }, [bare()], NOW + 60_000), UNTIL);
    assert.equal(nodesUntilOf({ subjects: [bare()] }, [bare()], NOW), undefined, 'the wait is over');
    assert.equal(nodesUntilOf({ subjects: [bare()], nodesUntil: UNTIL }, [pod()], NOW), undefined, 'it has one');
    const without = bare({ uid: 'pod-2', name: 'cart-2' });
    assert.deepEqual(unplaced([pod(), without]), [without]);
    assert.deepEqual(unplaced([pod()]), []);
  });

  it('is found with its node once it has one, unless it is another pod or nobody waits', async () => {
    const there = objectOf(pod(), { nodeName: 'n1' });
    assert.deepEqual(await placed(bare(), there), [pod()]);
    assert.deepEqual(await placed(bare(), objectOf(pod())), []);
    assert.deepEqual(await placed(bare(), objectOf(pod({ uid: 'pod-9' }), { nodeName: 'n1' })), []);
    assert.deepEqual(await placed(bare(), undefined), []);
    assert.deepEqual(await placed(pod(), there), []);
    assert.deepEqual(await placed(bare(), there, {}), []);
  });

  it('is suspected no more because of its node', async () => {
    for (const flag of [{ cpuOnly: true }, { replayed: true }] as const) {
      const held = bare(flag);
      const [now] = subjectsWith([held], await placed(held, objectOf(held, { nodeName: 'n1' })));
      assert.deepEqual(now, pod(flag));
    }
  });
});
