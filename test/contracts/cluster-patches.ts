import { strict as assert } from 'node:assert';
import { Conflict, Malformed } from '../../shared/errors.ts';
import { type Given, mark, podIn, refOf, settings } from './cluster-kit.ts';

/** Cases for patches: their effects, and their errors if the object has changed. */
export const patches = (given: Given): void => {
  describe('patch', () => {
    it('merges, and null removes', async () => {
      const made = await given.config('patch-1', { app: 'shop', old: 'yes' });
      const body = { metadata: { ...mark(made), labels: { old: null, quarantine: 'true' } } };
      const patched = await given.writer.patch(refOf(made), { type: 'merge', body });
      assert.deepEqual(patched.metadata.labels, { app: 'shop', quarantine: 'true' });
      assert.deepEqual(patched.data, { color: 'blue' });
      assert.notEqual(patched.metadata.resourceVersion, made.metadata.resourceVersion);
    });
    it('that changes nothing keeps the resourceVersion', async () => {
      const made = await given.config('patch-2', { app: 'shop' });
      const body = { metadata: { labels: { app: 'shop' } } };
      const patched = await given.writer.patch(refOf(made), { type: 'merge', body });
      assert.equal(patched.metadata.resourceVersion, made.metadata.resourceVersion);
    });
    it('says Conflict where the resourceVersion is not the current one', async () => {
      const made = await given.config('patch-3');
      await given.writer.patch(refOf(made), { type: 'merge', body: { data: { color: 'red' } } });
      const body = { metadata: { ...mark(made) }, data: { color: 'green' } };
      await assert.rejects(given.writer.patch(refOf(made), { type: 'merge', body }), Conflict);
      assert.deepEqual((await given.read(made))?.data, { color: 'red' });
    });
    it('says Conflict where the object is another one of the same name', async () => {
      const made = await given.config('patch-4');
      await given.writer.delete(refOf(made), { uid: made.metadata.uid });
      const again = await given.config('patch-4');
      const body = { metadata: { uid: made.metadata.uid }, data: { color: 'green' } };
      await assert.rejects(given.writer.patch(refOf(made), { type: 'merge', body }), Conflict);
      await assert.rejects(given.writer.patch(refOf(made), { type: 'strategic', body }), Conflict);
      assert.deepEqual((await given.read(again))?.data, { color: 'blue' });
    });
    it('applies whatever the version where it names none, and none is what an empty one says', async () => {
      const made = await given.config('patch-13');
      for (const [i, resourceVersion] of [undefined, '', null].entries()) {
        const body = { metadata: { resourceVersion }, data: { color: String(i) } };
        const patched = await given.writer.patch(refOf(made), { type: 'merge', body });
        assert.deepEqual(patched.data, { color: String(i) });
      }
    });
    it('says Malformed of an annotation for which there is no room, and takes a label in its place', async () => {
      const made = await given.config('patch-14');
      const full = { x: 'x'.repeat(256 * 1024 - 1) };
      await given.writer.patch(refOf(made), { type: 'merge', body: { metadata: { annotations: full } } });
      const more = { metadata: { annotations: { y: '' } } };
      await assert.rejects(
        given.writer.patch(refOf(made), { type: 'merge', body: more }),
        (e) => e instanceof Malformed && /metadata\.annotations: Too long/.test(e.message),
      );
      const patched = await given.writer.patch(refOf(made), {
        type: 'merge',
        body: { metadata: { labels: { y: '' } } },
      });
      assert.deepEqual(patched.metadata.labels, { y: '' });
    });
    it('says Conflict where the object is gone', async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: given.namespace, name: 'patch-none' };
      await assert.rejects(given.writer.patch(ref, { type: 'merge', body: { data: {} } }), Conflict);
    });
    it('applies a JSON patch, and says Conflict where a test in it does not hold', async () => {
      const made = await given.config('patch-5', { 'app.example.com/tier': 'front' });
      const path = '/metadata/labels/app.example.com~1tier';
      const change = (from: string, to: string) => [
        { op: 'test', path, value: from },
        { op: 'replace', path, value: to },
      ];
      const patched = await given.writer.patch(refOf(made), { type: 'json', body: change('front', 'back') });
      assert.deepEqual(patched.metadata.labels, { 'app.example.com/tier': 'back' });
      await assert.rejects(given.writer.patch(refOf(made), { type: 'json', body: change('front', 'side') }), Conflict);
      await assert.rejects(
        given.writer.patch(refOf(made), { type: 'json', body: [{ op: 'remove', path: '/data/none' }] }),
        Conflict,
      );
    });
    it('merges lists by their key in a strategic patch', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'patch-6'));
      const body = {
        metadata: { uid: pod.metadata.uid },
        spec: { containers: [{ name: 'main', image: 'shop.example.com/main:2' }] },
      };
      const patched = await given.writer.patch(refOf(pod), { type: 'strategic', body });
      assert.equal(Object(patched.spec?.containers)[0].image, 'shop.example.com/main:2');
      assert.equal(Object(patched.spec?.containers).length, 1);
    });
    it('takes owners away by uid in a strategic patch', async () => {
      const owner = await given.config('patch-7');
      const uid = owner.metadata.uid;
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'patch-7', uid };
      const owned = settings(given.namespace, 'patch-8');
      const made = await given.writer.create({
        ...owned,
        metadata: { ...owned.metadata, ownerReferences: [reference] },
      });
      const body = { metadata: { ...mark(made), ownerReferences: [{ $patch: 'delete', uid }] } };
      const patched = await given.writer.patch(refOf(made), { type: 'strategic', body });
      assert.equal(patched.metadata.ownerReferences, undefined);
    });
    it('lets tolerations be added and their seconds changed, and nothing else of a pod spec', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'patch-9'));
      const forever = ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
      }));
      const body = { metadata: { uid: pod.metadata.uid }, spec: { tolerations: forever } };
      const patched = await given.writer.patch(refOf(pod), { type: 'merge', body });
      assert.deepEqual(patched.spec?.tolerations, forever);
      const others = [{ spec: { hostNetwork: true } }, { spec: { runtimeClassName: 'gvisor' } }];
      for (const other of others) {
        await assert.rejects(given.writer.patch(refOf(pod), { type: 'merge', body: other }), (e) => {
          return e instanceof Malformed && /pod updates may not change fields other than/.test(e.message);
        });
      }
      const changed = { spec: { tolerations: [{ ...forever[0], operator: 'Equal', value: 'x' }, forever[1]] } };
      await assert.rejects(given.writer.patch(refOf(pod), { type: 'merge', body: changed }), (e) => {
        return e instanceof Malformed && /existing toleration can not be modified/.test(e.message);
      });
    });
    it('adds an ephemeral container through its subresource only, and never takes one away', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'patch-10'));
      const probe = { name: 'probe', image: 'shop.example.com/probe:1', targetContainerName: 'main' };
      const body = { spec: { ephemeralContainers: [probe] } };
      await assert.rejects(given.writer.patch(refOf(pod), { type: 'strategic', body }), Malformed);
      const patched = await given.writer.patch(refOf(pod), { type: 'strategic', body }, 'ephemeralcontainers');
      assert.equal(Object(patched.spec?.ephemeralContainers)[0].name, 'probe');
      const none = { spec: { ephemeralContainers: [] } };
      await assert.rejects(
        given.writer.patch(refOf(pod), { type: 'merge', body: none }, 'ephemeralcontainers'),
        Malformed,
      );
      const wrong = { metadata: { uid: '00000000-0000-4000-a000-000000000000' }, ...body };
      await assert.rejects(
        given.writer.patch(refOf(pod), { type: 'strategic', body: wrong }, 'ephemeralcontainers'),
        Conflict,
      );
    });
    it('keeps status out of a patch of the object', async () => {
      const pod = await given.writer.create(podIn(given.namespace, 'patch-11'));
      const body = { metadata: { labels: { seen: 'yes' } }, status: { phase: 'Failed' } };
      const patched = await given.writer.patch(refOf(pod), { type: 'merge', body });
      assert.notEqual(patched.status?.phase, 'Failed');
      assert.equal(patched.metadata.labels?.seen, 'yes');
    });
    it('counts generations of the spec', async () => {
      const podSelector = { matchLabels: { app: 'x' } };
      const made = await given.writer.create({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'patch-12', namespace: given.namespace },
        spec: { podSelector, policyTypes: ['Ingress'] },
      });
      assert.equal(made.metadata.generation, 1);
      const labelled = await given.writer.patch(refOf(made), {
        type: 'merge',
        body: { metadata: { labels: { a: 'b' } } },
      });
      assert.equal(labelled.metadata.generation, 1);
      const body = { spec: { policyTypes: ['Ingress', 'Egress'] } };
      const patched = await given.writer.patch(refOf(made), { type: 'merge', body });
      assert.equal(patched.metadata.generation, 2);
    });
  });
};
