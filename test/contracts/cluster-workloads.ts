import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { type Given, mark, refOf } from './cluster-kit.ts';

/** Cases for the objects that steps change, and for custom kinds. */
export const workloads = (given: Given): void => {
  describe('what steps change', () => {
    const template = (app: string) => ({
      metadata: { labels: { app } },
      spec: { containers: [{ name: 'main', image: 'shop.example.com/main:1' }] },
    });
    const workload = (kind: string, n: string, spec: Record<string, unknown> = {}) =>
      given.writer.create({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name: n, namespace: given.namespace },
        spec: { selector: { matchLabels: { app: n } }, template: template(n), ...spec },
      });
    const merged = async (object: KubeObject, body: Record<string, unknown>) =>
      (await given.writer.patch(refOf(object), { type: 'merge', body })).spec ?? {};

    it('replicas of a Deployment, a ReplicaSet and a StatefulSet', async () => {
      for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
        const named = kind === 'StatefulSet' ? { serviceName: 'none' } : {};
        const made = await workload(kind, `scale-${kind.toLowerCase()}`, named);
        assert.equal(made.spec?.replicas, 1, kind);
        assert.equal((await merged(made, { spec: { replicas: 0 } })).replicas, 0);
        await given.writer.delete(refOf(made), { uid: made.metadata.uid });
      }
    });
    it('the node selector of a DaemonSet, to and fro', async () => {
      const made = await workload('DaemonSet', 'agent');
      const select = (nodeSelector: unknown) => merged(made, { spec: { template: { spec: { nodeSelector } } } });
      const frozen = Object((await select({ frozen: 'true' })).template).spec;
      assert.deepEqual(frozen.nodeSelector, { frozen: 'true' });
      const thawed = Object((await select(null)).template).spec;
      assert.equal(thawed.nodeSelector, undefined);
      await given.writer.delete(refOf(made), { uid: made.metadata.uid });
    });
    it('suspension of a Job and a CronJob, but not the template of a Job', async () => {
      const run = { template: { spec: { ...template('x').spec, restartPolicy: 'Never' } } };
      const metadata = { name: 'run', namespace: given.namespace };
      const job = await given.writer.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: run });
      assert.equal((await merged(job, { spec: { suspend: true } })).suspend, true);
      const other = { spec: { template: { spec: { hostNetwork: true } } } };
      await assert.rejects(merged(job, other), (e) => e instanceof Malformed && /spec\.template/.test(e.message));
      const spec = { schedule: '0 3 * * *', jobTemplate: { spec: run } };
      const cron = await given.writer.create({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec });
      assert.equal((await merged(cron, { spec: { suspend: true } })).suspend, true);
    });
    it('not into what breaks itself: a count below 0, a selector that its own pods do not match', async () => {
      const made = await workload('Deployment', 'broken');
      const less = merged(made, { spec: { replicas: -1 } });
      await assert.rejects(less, (e) => e instanceof Malformed && /spec\.replicas/.test(e.message));
      const astray = merged(made, { spec: { template: { metadata: { labels: { app: 'other' } } } } });
      await assert.rejects(astray, (e) => e instanceof Malformed && /does not match template/.test(e.message));
      await given.writer.delete(refOf(made), { uid: made.metadata.uid });
    });
    it('not the selector of a workload, and little of a StatefulSet', async () => {
      const made = await workload('Deployment', 'fixed');
      const matchLabels = { app: 'other' };
      const moved = { selector: { matchLabels }, template: { metadata: { labels: matchLabels } } };
      await assert.rejects(merged(made, { spec: moved }), (e) => e instanceof Malformed && /immutable/.test(e.message));
      const set = await workload('StatefulSet', 'fixed', { serviceName: 'none' });
      await assert.rejects(merged(set, { spec: { serviceName: 'other' } }), (e) => {
        return e instanceof Malformed && /updates to statefulset spec for fields other than/.test(e.message);
      });
      for (const o of [made, set]) await given.writer.delete(refOf(o), { uid: o.metadata.uid });
    });
    it('the cordon, labels and annotations of a Node', async () => {
      const node = {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `node-${given.namespace}`, labels: { pool: 'a' } },
      };
      const made = await given.writer.create(node);
      const metadata = { uid: made.metadata.uid, annotations: { 'example.com/by': 'us' }, labels: { held: 'true' } };
      const body = { metadata, spec: { unschedulable: true } };
      const cordoned = await given.writer.patch(refOf(made), { type: 'strategic', body });
      assert.equal(cordoned.spec?.unschedulable, true);
      assert.equal(cordoned.metadata.labels?.pool, 'a');
      const back = { metadata: { annotations: { 'example.com/by': null } }, spec: { unschedulable: null } };
      const freed = await given.writer.patch(refOf(made), { type: 'merge', body: back });
      assert.equal(freed.spec?.unschedulable, undefined);
      assert.equal(freed.metadata.annotations?.['example.com/by'], undefined);
      await given.writer.delete(refOf(made), { uid: made.metadata.uid });
    });
    it('a policy that denies everything, which comes back without empty lists', async () => {
      const spec = { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] };
      const made = await given.writer.create({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'deny', namespace: given.namespace },
        spec: { ...spec, ingress: [], egress: [] },
      });
      assert.deepEqual(made.spec, spec);
    });
  });

  describe('kinds of others', () => {
    const group = 'contract.example.com';
    const widget = () => ({
      apiVersion: `${group}/v1`,
      kind: 'Widget',
      metadata: { name: 'w1', namespace: given.namespace },
      spec: { size: 1 },
    });
    before(async () => {
      const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
      const found = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: `widgets.${group}`,
      };
      if ((await given.reader.get(found)) === undefined) {
        await given.writer.create({
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: `widgets.${group}` },
          spec: {
            group,
            scope: 'Namespaced',
            names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
            versions: [{ name: 'v1', served: true, storage: true, schema }],
          },
        });
      }
      // The real server needs a moment to serve a new kind.
      for (let tries = 0; tries < 100; tries += 1) {
        const made = await given.writer.create(widget()).catch(() => undefined);
        if (made !== undefined) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    it('are read, merged and deleted like any other', async () => {
      const made = await given.reader.get({
        apiVersion: `${group}/v1`,
        kind: 'Widget',
        namespace: given.namespace,
        name: 'w1',
      });
      assert.ok(made);
      const patched = await given.writer.patch(refOf(made), {
        type: 'merge',
        body: { metadata: mark(made), spec: { size: 0 } },
      });
      assert.deepEqual(patched.spec, { size: 0 });
      assert.equal(await given.writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
    });
    it('are listed in a namespace and in the whole cluster', async () => {
      const named = { apiVersion: `${group}/v1`, kind: 'Widget' };
      const made = await given.writer.create({ ...widget(), metadata: { name: 'w3', namespace: given.namespace } });
      for (const place of [{ ...named, namespace: given.namespace }, named]) {
        const found = await given.reader.list(place);
        assert.ok(found.some(({ metadata }) => metadata.uid === made.metadata.uid));
      }
      assert.deepEqual(await given.reader.list({ ...named, kind: 'Gadget' }), []);
      assert.deepEqual(await given.reader.list({ apiVersion: 'none.example.com/v1', kind: 'Widget' }), []);
    });
    it('know no strategic patch', async () => {
      const made = await given.writer.create({ ...widget(), metadata: { name: 'w2', namespace: given.namespace } });
      await assert.rejects(
        given.writer.patch(refOf(made), { type: 'strategic', body: { spec: { size: 0 } } }),
        Malformed,
      );
    });
  });
};
