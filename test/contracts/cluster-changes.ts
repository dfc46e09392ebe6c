import { strict as assert } from 'node:assert';
import { Conflict, Malformed } from '../../shared/errors.ts';
import { type Given, podIn, refOf, settings } from './cluster-kit.ts';

/** Cases for creating, deleting and evicting. */
export const changes = (given: Given): void => {
  describe('create', () => {
    it('gives what was stored, and Conflict where the name is taken', async () => {
      const made = await given.config('create-1', { app: 'shop' });
      assert.deepEqual(made.metadata.labels, { app: 'shop' });
      await assert.rejects(given.config('create-1'), Conflict);
      assert.equal((await given.read(made))?.metadata.uid, made.metadata.uid);
    });
    it('says Malformed where the namespace is gone: reading again would change nothing', async () => {
      await assert.rejects(given.writer.create(settings('no-such-namespace', 'x')), Malformed);
    });
    it("says Malformed, in the server's words, of an object that breaks the rules", async () => {
      await assert.rejects(given.config('create-2', { app: 'not a label!' }), (e) => {
        return e instanceof Malformed && /metadata\.labels/.test(e.message);
      });
      await assert.rejects(
        given.writer.create({ ...podIn(given.namespace, 'create-3'), spec: { containers: [] } }),
        (e) => {
          return e instanceof Malformed && /spec\.containers: Required value/.test(e.message);
        },
      );
    });
    it('says Malformed of a kind that the server does not have', async () => {
      const body = {
        apiVersion: 'none.example.com/v1',
        kind: 'Thing',
        metadata: { name: 'x', namespace: given.namespace },
      };
      await assert.rejects(given.writer.create(body), Malformed);
    });
    it('adds the two tolerations of 300 seconds to a pod', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'create-4'));
      assert.deepEqual(pod.spec?.tolerations, [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ]);
    });
  });

  describe('delete', () => {
    it('deletes by uid, and says gone when there is nothing', async () => {
      const made = await given.config('delete-1');
      assert.equal(await given.writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
      assert.equal(await given.writer.delete(refOf(made), { uid: made.metadata.uid }), 'gone');
      assert.equal(await given.read(made), undefined);
      const unknown = { apiVersion: 'none.example.com/v1', kind: 'Thing', namespace: given.namespace, name: 'x' };
      assert.equal(await given.writer.delete(unknown, { uid: made.metadata.uid }), 'gone');
    });
    it('says Conflict of a pod that was made again under its name, and leaves it', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'delete-2'));
      await given.writer.delete(refOf(pod), { uid: pod.metadata.uid, graceSeconds: 0 });
      const again = await given.writer.create(podIn(given.namespace, 'delete-2'));
      await assert.rejects(given.writer.delete(refOf(pod), { uid: pod.metadata.uid, graceSeconds: 0 }), Conflict);
      assert.equal((await given.read(again))?.metadata.uid, again.metadata.uid);
    });
    it('waits for finalizers', async () => {
      const held = settings(given.namespace, 'delete-3');
      const made = await given.writer.create({
        ...held,
        metadata: { ...held.metadata, finalizers: ['example.com/hold'] },
      });
      assert.equal(await given.writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
      assert.notEqual((await given.read(made))?.metadata.deletionTimestamp, undefined);
      await given.writer.patch(refOf(made), { type: 'merge', body: { metadata: { finalizers: null } } });
      assert.equal(await given.read(made), undefined);
    });
  });

  describe('evict', () => {
    it('evicts by uid, and says gone when there is no such pod', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'evict-1'));
      const at = { namespace: given.namespace, name: 'evict-1' };
      await assert.rejects(given.writer.evict({ ...at, uid: '00000000-0000-4000-a000-000000000000' }), Conflict);
      assert.deepEqual(await given.writer.evict({ ...at, uid: pod.metadata.uid, graceSeconds: 0 }), {
        outcome: 'evicted',
      });
      assert.deepEqual(await given.writer.evict({ ...at, uid: pod.metadata.uid }), { outcome: 'gone' });
    });
    it('is blocked by a budget that allows no disruption, and names it', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'evict-2'));
      const conditions = [{ type: 'Ready', status: 'True' }];
      await given.writer.patch(
        refOf(pod),
        { type: 'merge', body: { status: { phase: 'Running', conditions } } },
        'status',
      );
      const budget = await given.writer.create({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'evict-budget', namespace: given.namespace },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'evict-2' } } },
      });
      const status = {
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 1,
        disruptionsAllowed: 0,
        observedGeneration: 1,
      };
      await given.writer.patch(refOf(budget), { type: 'merge', body: { status } }, 'status');
      const verdict = await given.writer.evict({ namespace: given.namespace, name: 'evict-2', uid: pod.metadata.uid });
      assert.equal(verdict.outcome, 'blocked');
      assert.match(verdict.outcome === 'blocked' ? verdict.because : '', /disruption budget evict-budget/);
      assert.ok(verdict.outcome === 'blocked' && verdict.retryAfterMs > 0);
      assert.equal((await given.read(pod))?.metadata.deletionTimestamp, undefined);
    });
    it('is blocked where two budgets select the pod', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'evict-3'));
      const conditions = [{ type: 'Ready', status: 'True' }];
      await given.writer.patch(
        refOf(pod),
        { type: 'merge', body: { status: { phase: 'Running', conditions } } },
        'status',
      );
      for (const n of ['evict-3a', 'evict-3b']) {
        const spec = { minAvailable: 0, selector: { matchLabels: { app: 'evict-3' } } };
        await given.writer.create({
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: n, namespace: given.namespace },
          spec,
        });
      }
      const verdict = await given.writer.evict({ namespace: given.namespace, name: 'evict-3', uid: pod.metadata.uid });
      assert.match(
        verdict.outcome === 'blocked' ? verdict.because : verdict.outcome,
        /more than one PodDisruptionBudget/,
      );
    });
  });
};
