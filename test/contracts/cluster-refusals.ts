import { strict as assert } from 'node:assert';
import { isMissing } from '../../shared/adapters/kubernetes-errors.ts';
import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import { Conflict, Denied, Transient } from '../../shared/errors.ts';
import { type Given, mark, podIn, refOf, settings } from './cluster-kit.ts';

/** Cases for refusals by admission, by rights and by the wire, and for lost replies. */
export const refusals = (given: Given): void => {
  describe('admission', () => {
    it('says Denied of a pod whose service account or runtime class is not there', async () => {
      const pod = (n: string, more: Record<string, unknown>) => ({
        ...podIn(given.namespace, n),
        spec: { ...podIn(given.namespace, n).spec, ...more },
      });
      await assert.rejects(given.writer.create(pod('admit-1', { serviceAccountName: 'none' })), (e) => {
        return e instanceof Denied && /serviceaccount "none" not found/.test(e.message);
      });
      await assert.rejects(given.writer.create(pod('admit-2', { runtimeClassName: 'none' })), (e) => {
        return e instanceof Denied && /RuntimeClass "none" not found/.test(e.message);
      });
    });
    it('makes up a name, and takes no uid from outside', async () => {
      const { name: _name, ...metadata } = settings(given.namespace, 'x').metadata;
      const answer = await given.harness.admin.wire({
        method: 'POST',
        path: `/api/v1/namespaces/${given.namespace}/configmaps`,
        contentType: 'application/json',
        body: { ...settings(given.namespace, 'x'), metadata: { ...metadata, generateName: 'made-', uid: 'mine' } },
      });
      const made = Object(answer.body).metadata;
      assert.match(made.name, /^made-[a-z0-9]{5}$/);
      assert.notEqual(made.uid, 'mine');
    });
  });

  describe('rights', () => {
    it('say Denied of every change, and let reads through', async () => {
      const made = await given.config('rights-1');
      const mine = given.harness.onlooker;
      assert.equal((await mine.reader.get(refOf(made)))?.metadata.uid, made.metadata.uid);
      const denied = (e: unknown) => e instanceof Denied && /cannot (create|patch|delete) resource/.test(e.message);
      await assert.rejects(mine.writer.create(settings(given.namespace, 'rights-2')), denied);
      await assert.rejects(mine.writer.patch(refOf(made), { type: 'merge', body: { data: {} } }), denied);
      await assert.rejects(mine.writer.delete(refOf(made), { uid: made.metadata.uid }), denied);
      await assert.rejects(
        mine.writer.evict({ namespace: given.namespace, name: 'x', uid: made.metadata.uid }),
        denied,
      );
      assert.deepEqual((await given.read(made))?.data, { color: 'blue' });
    });
  });

  describe('a lost reply', () => {
    it('is Transient, and the same call again finds what it did', async () => {
      given.harness.loseNextReply();
      await assert.rejects(given.config('lost-1'), Transient);
      await assert.rejects(given.config('lost-1'), Conflict);
      const made = await given.reader.get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: given.namespace,
        name: 'lost-1',
      });
      assert.ok(made);
      const change = { type: 'merge' as const, body: { metadata: mark(made), data: { color: 'red' } } };
      given.harness.loseNextReply();
      await assert.rejects(given.writer.patch(refOf(made), change), Transient);
      await assert.rejects(given.writer.patch(refOf(made), change), Conflict);
      assert.deepEqual((await given.read(made))?.data, { color: 'red' });
      given.harness.loseNextReply();
      await assert.rejects(given.writer.delete(refOf(made), { uid: made.metadata.uid }), Transient);
      assert.equal(await given.writer.delete(refOf(made), { uid: made.metadata.uid }), 'gone');
    });
  });

  describe('the wire itself', () => {
    const path = () => `/api/v1/namespaces/${given.namespace}/configmaps/wire-1`;
    before(() => given.config('wire-1'));
    const ask = (request: Parameters<Wire>[0]) => given.harness.admin.wire(request);
    it('answers 415 to a patch of a type that is none', async () => {
      const answer = await ask({ method: 'PATCH', path: path(), contentType: 'application/json', body: {} });
      assert.equal(answer.status, 415);
      assert.equal(Object(answer.body).reason, 'UnsupportedMediaType');
    });
    it('answers 400 to an object as a JSON patch', async () => {
      const contentType = 'application/json-patch+json';
      const answer = await ask({ method: 'PATCH', path: path(), contentType, body: { data: {} } });
      assert.equal(answer.status, 400);
      assert.equal(Object(answer.body).reason, 'BadRequest');
    });
    it('answers 404 without a Status to a path that it does not serve', async () => {
      for (const unknown of ['/api/v1/nothings', '/apis/none.example.com/v1', '/api/v2/pods']) {
        const answer = await ask({ method: 'GET', path: unknown });
        assert.equal(answer.status, 404, unknown);
        assert.ok(isMissing(answer), unknown);
      }
    });
    it('names the object in a Status of 404', async () => {
      const answer = await ask({ method: 'GET', path: `/apis/apps/v1/namespaces/${given.namespace}/deployments/none` });
      const body = Object(answer.body);
      assert.equal(answer.status, 404);
      assert.ok(isMissing(answer));
      assert.equal(body.message, 'deployments.apps "none" not found');
      assert.deepEqual(body.details, { name: 'none', group: 'apps', kind: 'deployments' });
    });
    it('answers 400 to a new name in a patch', async () => {
      const contentType = 'application/merge-patch+json';
      const answer = await ask({ method: 'PATCH', path: path(), contentType, body: { metadata: { name: 'other' } } });
      assert.equal(answer.status, 400);
    });
  });
};
