import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { Malformed } from '../../shared/errors.ts';
import { type Given, names, podIn, refOf } from './cluster-kit.ts';

const listed = z.looseObject({
  metadata: z.looseObject({ continue: z.string() }),
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

/** Cases for reads: existing and missing objects, and invalid requests. */
export const reads = (given: Given): void => {
  describe('get', () => {
    it('gives the object with what the server wrote into it', async () => {
      await given.config('get-1');
      const found = await given.reader.get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: given.namespace,
        name: 'get-1',
      });
      assert.equal(found?.kind, 'ConfigMap');
      assert.equal(found?.apiVersion, 'v1');
      assert.match(found?.metadata.uid ?? '', /^[0-9a-f-]{36}$/);
      assert.match(found?.metadata.resourceVersion ?? '', /^\d+$/);
      assert.match(found?.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual(found?.data, { color: 'blue' });
    });
    it('gives undefined for what is not there: object, namespace, kind, group', async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace, name: 'nothing' };
      assert.equal(await given.reader.get(ref), undefined);
      assert.equal(await given.reader.get({ ...ref, namespace: 'no-such-namespace' }), undefined);
      assert.equal(await given.reader.get({ ...ref, kind: 'NoSuchKind' }), undefined);
      assert.equal(await given.reader.get({ ...ref, apiVersion: 'none.example.com/v1', kind: 'Thing' }), undefined);
    });
    it('reads objects outside of namespaces, and those whose names hold colons', async () => {
      const found = await given.reader.get({ apiVersion: 'v1', kind: 'Namespace', name: given.namespace });
      assert.equal(found?.metadata.name, given.namespace);
      assert.equal(found?.metadata.namespace, undefined);
      const apiVersion = 'rbac.authorization.k8s.io/v1';
      const rules = [{ apiGroups: [''], resources: ['services'], verbs: ['list'] }];
      const metadata = { name: `contract:${given.namespace}:Reader` };
      const role = await given.writer.create({ apiVersion, kind: 'ClusterRole', metadata, rules });
      assert.equal((await given.read(role))?.metadata.uid, role.metadata.uid);
      await given.writer.delete(refOf(role), { uid: role.metadata.uid });
    });
    it('refuses names that are none, before anything is sent', async () => {
      const hostile = ['../secrets/x', 'a/b', 'a?watch=true', 'a%2fb', '', 'A', 'a b', 'a\n'];
      for (const bad of hostile) {
        const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace, name: bad };
        await assert.rejects(given.reader.get(ref), Malformed, JSON.stringify(bad));
        await assert.rejects(given.reader.get({ ...ref, name: 'x', namespace: bad }), Malformed);
        await assert.rejects(given.reader.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: bad }), Malformed);
      }
      await assert.rejects(
        given.reader.get({ apiVersion: '../v1', kind: 'ConfigMap', namespace: given.namespace, name: 'x' }),
        Malformed,
      );
      await assert.rejects(
        given.reader.get({ apiVersion: 'v1', kind: 'Config/Map', namespace: given.namespace, name: 'x' }),
        Malformed,
      );
      await assert.rejects(given.reader.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'x' }), Malformed);
    });
  });

  describe('list', () => {
    before(async () => {
      for (const n of ['list-1', 'list-2', 'list-3', 'list-4', 'list-5']) {
        await given.config(n, { set: 'list', parity: Number(n.at(-1)) % 2 === 0 ? 'even' : 'odd' });
      }
    });
    it('gives every page, with kind and version in every item', async () => {
      const found = await given.reader.list({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: given.namespace,
        labels: { set: 'list' },
      });
      assert.deepEqual(names(found), ['list-1', 'list-2', 'list-3', 'list-4', 'list-5']);
      assert.ok(found.every((o) => o.kind === 'ConfigMap' && o.apiVersion === 'v1'));
    });
    it('goes on with pages of another size', async () => {
      const path = `/api/v1/namespaces/${given.namespace}/configmaps`;
      const page = async (query: Record<string, string>) => {
        const { body } = await given.harness.admin.wire({
          method: 'GET',
          path,
          query: { labelSelector: 'set=list', ...query },
        });
        return listed.parse(body);
      };
      const first = await page({ limit: '1' });
      const rest = await page({ limit: '3', continue: first.metadata.continue });
      assert.deepEqual(
        [...first.items, ...rest.items].map(({ metadata }) => metadata.name),
        ['list-1', 'list-2', 'list-3', 'list-4'],
      );
    });
    it('gives every object page by page too', async () => {
      const pages: string[][] = [];
      const of = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace, labels: { set: 'list' } };
      assert.equal(await given.reader.each(of, (page) => void pages.push(names(page))), undefined);
      assert.deepEqual(pages.flat(), ['list-1', 'list-2', 'list-3', 'list-4', 'list-5']);
    });
    it('selects by labels and by fields', async () => {
      const of = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace };
      assert.deepEqual(names(await given.reader.list({ ...of, labels: { set: 'list', parity: 'even' } })), [
        'list-2',
        'list-4',
      ]);
      assert.deepEqual(names(await given.reader.list({ ...of, fields: { 'metadata.name': 'list-3' } })), ['list-3']);
      assert.deepEqual(names(await given.reader.list({ ...of, labels: { set: 'none' } })), []);
    });
    it('lists across namespaces', async () => {
      const found = await given.reader.list({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        fields: { 'metadata.name': 'list-1' },
      });
      assert.deepEqual(
        found.map((o) => o.metadata.namespace),
        [given.namespace],
      );
    });
    it('selects pods by node and phase, and events by the object they are about', async () => {
      const of = { apiVersion: 'v1', namespace: given.namespace };
      assert.deepEqual(
        await given.reader.list({ ...of, kind: 'Pod', fields: { 'spec.nodeName': 'no-such-node' } }),
        [],
      );
      assert.deepEqual(await given.reader.list({ ...of, kind: 'Pod', fields: { 'status.phase': 'Failed' } }), []);
      assert.deepEqual(await given.reader.list({ ...of, kind: 'Event', fields: { 'involvedObject.uid': 'x' } }), []);
      const fields = { 'involvedObject.kind': 'Node', 'involvedObject.name': 'no-such-node' };
      assert.deepEqual(await given.reader.list({ ...of, kind: 'Event', fields }), []);
    });
    it("says Malformed of a field that the kind cannot be selected by, with the server's words", async () => {
      const query = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: given.namespace,
        fields: { 'data.color': 'blue' },
      };
      await assert.rejects(given.reader.list(query), (e) => e instanceof Malformed && /field selector/.test(e.message));
    });
    it('gives nothing for a kind that the server does not have', async () => {
      assert.deepEqual(
        await given.reader.list({ apiVersion: 'v1', kind: 'NoSuchKind', namespace: given.namespace }),
        [],
      );
    });
    it('refuses selectors that are none, before anything is sent', async () => {
      const of = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace };
      await assert.rejects(given.reader.list({ ...of, labels: { set: 'a,b=c' } }), Malformed);
      await assert.rejects(given.reader.list({ ...of, labels: { 'a=b,c': 'd' } }), Malformed);
      await assert.rejects(
        given.reader.list({ ...of, fields: { 'metadata.name': 'a,metadata.namespace=b' } }),
        Malformed,
      );
    });
  });

  describe('log', () => {
    it('is undefined where there is none', async () => {
      const nowhere = {
        ...podIn(given.namespace, 'log-1'),
        spec: { ...podIn(given.namespace, 'log-1').spec, nodeSelector: { no: 'such' } },
      };
      await given.writer.create(nowhere);
      const of = { namespace: given.namespace, name: 'log-1', container: 'main', limitBytes: 1000 };
      assert.equal(await given.reader.log(of), undefined);
      assert.equal(await given.reader.log({ ...of, name: 'log-none' }), undefined);
      assert.equal(await given.reader.log({ ...of, container: 'other' }), undefined);
      await assert.rejects(given.reader.log({ ...of, container: '../x' }), Malformed);
    });
  });
};
