import { strict as assert } from 'node:assert';
import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import { Conflict, Denied, Malformed, Transient } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { ClusterReader, ClusterWriter } from '../../shared/ports.ts';

/** One identity's view of the cluster under test. */
export type ClusterView = { reader: ClusterReader; writer: ClusterWriter; wire: Wire };

/**
 * What a server under test gives. It need not run controllers, a scheduler or kubelets: the suite asks only for what
 * the API server does by itself, and writes the statuses that it needs.
 */
export type ClusterHarness = {
  /** May do everything; its lists come in pages of two. */
  admin: ClusterView;
  /** May get and list, and nothing else. */
  onlooker: ClusterView;
  /** An empty namespace with a ServiceAccount named default. */
  namespace: string;
  /** From now on the answer to the next change of `admin` is lost, although the change is made. */
  loseNextReply(): void;
  stop(): Promise<void>;
};

const settings = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels },
  data: { color: 'blue' },
});

const podIn = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'shop.example.com/main:1' }] },
});

const mark = (object: KubeObject) => ({
  uid: object.metadata.uid,
  resourceVersion: object.metadata.resourceVersion,
});

const refOf = (object: KubeObject) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
});

const names = (objects: KubeObject[]): string[] => objects.map((o) => o.metadata.name).sort();

/** Holds a cluster behind the ports ClusterReader and ClusterWriter against what the real API server does. */
export const clusterContract = (name: string, open: () => Promise<ClusterHarness>): void => {
  describe(`cluster contract: ${name}`, () => {
    let harness: ClusterHarness;
    let reader: ClusterReader;
    let writer: ClusterWriter;
    let namespace: string;
    before(async () => {
      harness = await open();
      ({ reader, writer } = harness.admin);
      namespace = harness.namespace;
    });
    after(() => harness.stop());

    const config = (n: string, labels?: Record<string, string>) => writer.create(settings(namespace, n, labels));
    const read = (object: KubeObject) => reader.get(refOf(object));

    describe('get', () => {
      it('gives the object with what the server wrote into it', async () => {
        await config('get-1');
        const found = await reader.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'get-1' });
        assert.equal(found?.kind, 'ConfigMap');
        assert.equal(found?.apiVersion, 'v1');
        assert.match(found?.metadata.uid ?? '', /^[0-9a-f-]{36}$/);
        assert.match(found?.metadata.resourceVersion ?? '', /^\d+$/);
        assert.match(found?.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.deepEqual(found?.data, { color: 'blue' });
      });
      it('gives undefined for what is not there: object, namespace, kind, group', async () => {
        const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'nothing' };
        assert.equal(await reader.get(ref), undefined);
        assert.equal(await reader.get({ ...ref, namespace: 'no-such-namespace' }), undefined);
        assert.equal(await reader.get({ ...ref, kind: 'NoSuchKind' }), undefined);
        assert.equal(await reader.get({ ...ref, apiVersion: 'none.example.com/v1', kind: 'Thing' }), undefined);
      });
      it('reads objects outside of namespaces, and those whose names hold colons', async () => {
        const found = await reader.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
        assert.equal(found?.metadata.name, namespace);
        assert.equal(found?.metadata.namespace, undefined);
        const apiVersion = 'rbac.authorization.k8s.io/v1';
        const rules = [{ apiGroups: [''], resources: ['services'], verbs: ['list'] }];
        const metadata = { name: `contract:${namespace}:Reader` };
        const role = await writer.create({ apiVersion, kind: 'ClusterRole', metadata, rules });
        assert.equal((await read(role))?.metadata.uid, role.metadata.uid);
        await writer.delete(refOf(role), { uid: role.metadata.uid });
      });
      it('refuses names that are none, before anything is sent', async () => {
        const hostile = ['../secrets/x', 'a/b', 'a?watch=true', 'a%2fb', '', 'A', 'a b', 'a\n'];
        for (const bad of hostile) {
          const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: bad };
          await assert.rejects(reader.get(ref), Malformed, JSON.stringify(bad));
          await assert.rejects(reader.get({ ...ref, name: 'x', namespace: bad }), Malformed);
          await assert.rejects(reader.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: bad }), Malformed);
        }
        await assert.rejects(reader.get({ apiVersion: '../v1', kind: 'ConfigMap', namespace, name: 'x' }), Malformed);
        await assert.rejects(reader.get({ apiVersion: 'v1', kind: 'Config/Map', namespace, name: 'x' }), Malformed);
        await assert.rejects(reader.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'x' }), Malformed);
      });
    });

    describe('list', () => {
      before(async () => {
        for (const n of ['list-1', 'list-2', 'list-3', 'list-4', 'list-5']) {
          await config(n, { set: 'list', parity: Number(n.at(-1)) % 2 === 0 ? 'even' : 'odd' });
        }
      });
      it('gives every page, with kind and version in every item', async () => {
        const found = await reader.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace, labels: { set: 'list' } });
        assert.deepEqual(names(found), ['list-1', 'list-2', 'list-3', 'list-4', 'list-5']);
        assert.ok(found.every((o) => o.kind === 'ConfigMap' && o.apiVersion === 'v1'));
      });
      it('selects by labels and by fields', async () => {
        const of = { apiVersion: 'v1', kind: 'ConfigMap', namespace };
        assert.deepEqual(names(await reader.list({ ...of, labels: { set: 'list', parity: 'even' } })), [
          'list-2',
          'list-4',
        ]);
        assert.deepEqual(names(await reader.list({ ...of, fields: { 'metadata.name': 'list-3' } })), ['list-3']);
        assert.deepEqual(names(await reader.list({ ...of, labels: { set: 'none' } })), []);
      });
      it('lists across namespaces', async () => {
        const found = await reader.list({ apiVersion: 'v1', kind: 'ConfigMap', fields: { 'metadata.name': 'list-1' } });
        assert.deepEqual(
          found.map((o) => o.metadata.namespace),
          [namespace],
        );
      });
      it('selects pods by node and phase, and events by the object they are about', async () => {
        const of = { apiVersion: 'v1', namespace };
        assert.deepEqual(await reader.list({ ...of, kind: 'Pod', fields: { 'spec.nodeName': 'no-such-node' } }), []);
        assert.deepEqual(await reader.list({ ...of, kind: 'Pod', fields: { 'status.phase': 'Failed' } }), []);
        assert.deepEqual(await reader.list({ ...of, kind: 'Event', fields: { 'involvedObject.uid': 'x' } }), []);
      });
      it("says Malformed of a field that the kind cannot be selected by, with the server's words", async () => {
        const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace, fields: { 'data.color': 'blue' } };
        await assert.rejects(reader.list(query), (e) => e instanceof Malformed && /field selector/.test(e.message));
      });
      it('gives nothing for a kind that the server does not have', async () => {
        assert.deepEqual(await reader.list({ apiVersion: 'v1', kind: 'NoSuchKind', namespace }), []);
      });
      it('refuses selectors that are none, before anything is sent', async () => {
        const of = { apiVersion: 'v1', kind: 'ConfigMap', namespace };
        await assert.rejects(reader.list({ ...of, labels: { set: 'a,b=c' } }), Malformed);
        await assert.rejects(reader.list({ ...of, labels: { 'a=b,c': 'd' } }), Malformed);
        await assert.rejects(reader.list({ ...of, fields: { 'metadata.name': 'a,metadata.namespace=b' } }), Malformed);
      });
    });

    describe('create', () => {
      it('gives what was stored, and Conflict where the name is taken', async () => {
        const made = await config('create-1', { app: 'shop' });
        assert.deepEqual(made.metadata.labels, { app: 'shop' });
        await assert.rejects(config('create-1'), Conflict);
        assert.equal((await read(made))?.metadata.uid, made.metadata.uid);
      });
      it('says Conflict where the namespace is gone', async () => {
        await assert.rejects(writer.create(settings('no-such-namespace', 'x')), Conflict);
      });
      it("says Malformed, in the server's words, of an object that breaks the rules", async () => {
        await assert.rejects(config('create-2', { app: 'not a label!' }), (e) => {
          return e instanceof Malformed && /metadata\.labels/.test(e.message);
        });
        await assert.rejects(writer.create({ ...podIn(namespace, 'create-3'), spec: { containers: [] } }), (e) => {
          return e instanceof Malformed && /spec\.containers: Required value/.test(e.message);
        });
      });
      it('says Malformed of a kind that the server does not have', async () => {
        const body = { apiVersion: 'none.example.com/v1', kind: 'Thing', metadata: { name: 'x', namespace } };
        await assert.rejects(writer.create(body), Malformed);
      });
      it('adds the two tolerations of 300 seconds to a pod', async () => {
        const pod = await writer.create(podIn(namespace, 'create-4'));
        assert.deepEqual(pod.spec?.tolerations, [
          { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
          { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        ]);
      });
    });

    describe('patch', () => {
      it('merges, and null removes', async () => {
        const made = await config('patch-1', { app: 'shop', old: 'yes' });
        const body = { metadata: { ...mark(made), labels: { old: null, quarantine: 'true' } } };
        const patched = await writer.patch(refOf(made), { type: 'merge', body });
        assert.deepEqual(patched.metadata.labels, { app: 'shop', quarantine: 'true' });
        assert.deepEqual(patched.data, { color: 'blue' });
        assert.notEqual(patched.metadata.resourceVersion, made.metadata.resourceVersion);
      });
      it('that changes nothing keeps the resourceVersion', async () => {
        const made = await config('patch-2', { app: 'shop' });
        const body = { metadata: { labels: { app: 'shop' } } };
        const patched = await writer.patch(refOf(made), { type: 'merge', body });
        assert.equal(patched.metadata.resourceVersion, made.metadata.resourceVersion);
      });
      it('says Conflict where the resourceVersion is not the current one', async () => {
        const made = await config('patch-3');
        await writer.patch(refOf(made), { type: 'merge', body: { data: { color: 'red' } } });
        const body = { metadata: { ...mark(made) }, data: { color: 'green' } };
        await assert.rejects(writer.patch(refOf(made), { type: 'merge', body }), Conflict);
        assert.deepEqual((await read(made))?.data, { color: 'red' });
      });
      it('says Conflict where the object is another one of the same name', async () => {
        const made = await config('patch-4');
        await writer.delete(refOf(made), { uid: made.metadata.uid });
        const again = await config('patch-4');
        const body = { metadata: { uid: made.metadata.uid }, data: { color: 'green' } };
        await assert.rejects(writer.patch(refOf(made), { type: 'merge', body }), Conflict);
        await assert.rejects(writer.patch(refOf(made), { type: 'strategic', body }), Conflict);
        assert.deepEqual((await read(again))?.data, { color: 'blue' });
      });
      it('applies whatever the version where it names none, and none is what an empty one says', async () => {
        const made = await config('patch-13');
        for (const [i, resourceVersion] of [undefined, '', null].entries()) {
          const body = { metadata: { resourceVersion }, data: { color: String(i) } };
          const patched = await writer.patch(refOf(made), { type: 'merge', body });
          assert.deepEqual(patched.data, { color: String(i) });
        }
      });
      it('says Conflict where the object is gone', async () => {
        const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'patch-none' };
        await assert.rejects(writer.patch(ref, { type: 'merge', body: { data: {} } }), Conflict);
      });
      it('applies a JSON patch, and says Conflict where a test in it does not hold', async () => {
        const made = await config('patch-5', { 'app.example.com/tier': 'front' });
        const path = '/metadata/labels/app.example.com~1tier';
        const change = (from: string, to: string) => [
          { op: 'test', path, value: from },
          { op: 'replace', path, value: to },
        ];
        const patched = await writer.patch(refOf(made), { type: 'json', body: change('front', 'back') });
        assert.deepEqual(patched.metadata.labels, { 'app.example.com/tier': 'back' });
        await assert.rejects(writer.patch(refOf(made), { type: 'json', body: change('front', 'side') }), Conflict);
        await assert.rejects(
          writer.patch(refOf(made), { type: 'json', body: [{ op: 'remove', path: '/data/none' }] }),
          Conflict,
        );
      });
      it('merges lists by their key in a strategic patch', async () => {
        const pod = await writer.create(podIn(namespace, 'patch-6'));
        const body = {
          metadata: { uid: pod.metadata.uid },
          spec: { containers: [{ name: 'main', image: 'shop.example.com/main:2' }] },
        };
        const patched = await writer.patch(refOf(pod), { type: 'strategic', body });
        assert.equal(Object(patched.spec?.containers)[0].image, 'shop.example.com/main:2');
        assert.equal(Object(patched.spec?.containers).length, 1);
      });
      it('takes owners away by uid in a strategic patch', async () => {
        const owner = await config('patch-7');
        const uid = owner.metadata.uid;
        const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'patch-7', uid };
        const owned = settings(namespace, 'patch-8');
        const made = await writer.create({ ...owned, metadata: { ...owned.metadata, ownerReferences: [reference] } });
        const body = { metadata: { ...mark(made), ownerReferences: [{ $patch: 'delete', uid }] } };
        const patched = await writer.patch(refOf(made), { type: 'strategic', body });
        assert.equal(patched.metadata.ownerReferences, undefined);
      });
      it('lets tolerations be added and their seconds changed, and nothing else of a pod spec', async () => {
        const pod = await writer.create(podIn(namespace, 'patch-9'));
        const forever = ['not-ready', 'unreachable'].map((key) => ({
          key: `node.kubernetes.io/${key}`,
          operator: 'Exists',
          effect: 'NoExecute',
        }));
        const body = { metadata: { uid: pod.metadata.uid }, spec: { tolerations: forever } };
        const patched = await writer.patch(refOf(pod), { type: 'merge', body });
        assert.deepEqual(patched.spec?.tolerations, forever);
        const others = [{ spec: { hostNetwork: true } }, { spec: { runtimeClassName: 'gvisor' } }];
        for (const other of others) {
          await assert.rejects(writer.patch(refOf(pod), { type: 'merge', body: other }), (e) => {
            return e instanceof Malformed && /pod updates may not change fields other than/.test(e.message);
          });
        }
        const changed = { spec: { tolerations: [{ ...forever[0], operator: 'Equal', value: 'x' }, forever[1]] } };
        await assert.rejects(writer.patch(refOf(pod), { type: 'merge', body: changed }), (e) => {
          return e instanceof Malformed && /existing toleration can not be modified/.test(e.message);
        });
      });
      it('adds an ephemeral container through its subresource only, and never takes one away', async () => {
        const pod = await writer.create(podIn(namespace, 'patch-10'));
        const probe = { name: 'probe', image: 'shop.example.com/probe:1', targetContainerName: 'main' };
        const body = { spec: { ephemeralContainers: [probe] } };
        await assert.rejects(writer.patch(refOf(pod), { type: 'strategic', body }), Malformed);
        const patched = await writer.patch(refOf(pod), { type: 'strategic', body }, 'ephemeralcontainers');
        assert.equal(Object(patched.spec?.ephemeralContainers)[0].name, 'probe');
        const none = { spec: { ephemeralContainers: [] } };
        await assert.rejects(writer.patch(refOf(pod), { type: 'merge', body: none }, 'ephemeralcontainers'), Malformed);
        const wrong = { metadata: { uid: '00000000-0000-4000-a000-000000000000' }, ...body };
        await assert.rejects(
          writer.patch(refOf(pod), { type: 'strategic', body: wrong }, 'ephemeralcontainers'),
          Conflict,
        );
      });
      it('keeps status out of a patch of the object', async () => {
        const pod = await writer.create(podIn(namespace, 'patch-11'));
        const body = { metadata: { labels: { seen: 'yes' } }, status: { phase: 'Failed' } };
        const patched = await writer.patch(refOf(pod), { type: 'merge', body });
        assert.notEqual(patched.status?.phase, 'Failed');
        assert.equal(patched.metadata.labels?.seen, 'yes');
      });
      it('counts generations of the spec', async () => {
        const podSelector = { matchLabels: { app: 'x' } };
        const made = await writer.create({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'patch-12', namespace },
          spec: { podSelector, policyTypes: ['Ingress'] },
        });
        assert.equal(made.metadata.generation, 1);
        const labelled = await writer.patch(refOf(made), { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
        assert.equal(labelled.metadata.generation, 1);
        const body = { spec: { policyTypes: ['Ingress', 'Egress'] } };
        const patched = await writer.patch(refOf(made), { type: 'merge', body });
        assert.equal(patched.metadata.generation, 2);
      });
    });

    describe('delete', () => {
      it('deletes by uid, and says gone when there is nothing', async () => {
        const made = await config('delete-1');
        assert.equal(await writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
        assert.equal(await writer.delete(refOf(made), { uid: made.metadata.uid }), 'gone');
        assert.equal(await read(made), undefined);
        const unknown = { apiVersion: 'none.example.com/v1', kind: 'Thing', namespace, name: 'x' };
        assert.equal(await writer.delete(unknown, { uid: made.metadata.uid }), 'gone');
      });
      it('says Conflict of a pod that was made again under its name, and leaves it', async () => {
        const pod = await writer.create(podIn(namespace, 'delete-2'));
        await writer.delete(refOf(pod), { uid: pod.metadata.uid, graceSeconds: 0 });
        const again = await writer.create(podIn(namespace, 'delete-2'));
        await assert.rejects(writer.delete(refOf(pod), { uid: pod.metadata.uid, graceSeconds: 0 }), Conflict);
        assert.equal((await read(again))?.metadata.uid, again.metadata.uid);
      });
      it('waits for finalizers', async () => {
        const held = settings(namespace, 'delete-3');
        const made = await writer.create({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
        assert.equal(await writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
        assert.notEqual((await read(made))?.metadata.deletionTimestamp, undefined);
        await writer.patch(refOf(made), { type: 'merge', body: { metadata: { finalizers: null } } });
        assert.equal(await read(made), undefined);
      });
    });

    describe('evict', () => {
      it('evicts by uid, and says gone when there is no such pod', async () => {
        const pod = await writer.create(podIn(namespace, 'evict-1'));
        const at = { namespace, name: 'evict-1' };
        await assert.rejects(writer.evict({ ...at, uid: '00000000-0000-4000-a000-000000000000' }), Conflict);
        assert.deepEqual(await writer.evict({ ...at, uid: pod.metadata.uid, graceSeconds: 0 }), { outcome: 'evicted' });
        assert.deepEqual(await writer.evict({ ...at, uid: pod.metadata.uid }), { outcome: 'gone' });
      });
      it('is blocked by a budget that allows no disruption, and names it', async () => {
        const pod = await writer.create(podIn(namespace, 'evict-2'));
        const conditions = [{ type: 'Ready', status: 'True' }];
        await writer.patch(refOf(pod), { type: 'merge', body: { status: { phase: 'Running', conditions } } }, 'status');
        const budget = await writer.create({
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'evict-budget', namespace },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'evict-2' } } },
        });
        const status = {
          currentHealthy: 1,
          desiredHealthy: 1,
          expectedPods: 1,
          disruptionsAllowed: 0,
          observedGeneration: 1,
        };
        await writer.patch(refOf(budget), { type: 'merge', body: { status } }, 'status');
        const verdict = await writer.evict({ namespace, name: 'evict-2', uid: pod.metadata.uid });
        assert.equal(verdict.outcome, 'blocked');
        assert.match(verdict.outcome === 'blocked' ? verdict.because : '', /disruption budget evict-budget/);
        assert.ok(verdict.outcome === 'blocked' && verdict.retryAfterMs > 0);
        assert.equal((await read(pod))?.metadata.deletionTimestamp, undefined);
      });
      it('is blocked where two budgets select the pod', async () => {
        const pod = await writer.create(podIn(namespace, 'evict-3'));
        const conditions = [{ type: 'Ready', status: 'True' }];
        await writer.patch(refOf(pod), { type: 'merge', body: { status: { phase: 'Running', conditions } } }, 'status');
        for (const n of ['evict-3a', 'evict-3b']) {
          const spec = { minAvailable: 0, selector: { matchLabels: { app: 'evict-3' } } };
          await writer.create({
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: { name: n, namespace },
            spec,
          });
        }
        const verdict = await writer.evict({ namespace, name: 'evict-3', uid: pod.metadata.uid });
        assert.match(
          verdict.outcome === 'blocked' ? verdict.because : verdict.outcome,
          /more than one PodDisruptionBudget/,
        );
      });
    });

    describe('what steps change', () => {
      const template = (app: string) => ({
        metadata: { labels: { app } },
        spec: { containers: [{ name: 'main', image: 'shop.example.com/main:1' }] },
      });
      const workload = (kind: string, n: string, spec: Record<string, unknown> = {}) =>
        writer.create({
          apiVersion: 'apps/v1',
          kind,
          metadata: { name: n, namespace },
          spec: { selector: { matchLabels: { app: n } }, template: template(n), ...spec },
        });
      const merged = async (object: KubeObject, body: Record<string, unknown>) =>
        (await writer.patch(refOf(object), { type: 'merge', body })).spec ?? {};

      it('replicas of a Deployment, a ReplicaSet and a StatefulSet', async () => {
        for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
          const named = kind === 'StatefulSet' ? { serviceName: 'none' } : {};
          const made = await workload(kind, `scale-${kind.toLowerCase()}`, named);
          assert.equal(made.spec?.replicas, 1, kind);
          assert.equal((await merged(made, { spec: { replicas: 0 } })).replicas, 0);
          await writer.delete(refOf(made), { uid: made.metadata.uid });
        }
      });
      it('the node selector of a DaemonSet, to and fro', async () => {
        const made = await workload('DaemonSet', 'agent');
        const select = (nodeSelector: unknown) => merged(made, { spec: { template: { spec: { nodeSelector } } } });
        const frozen = Object((await select({ frozen: 'true' })).template).spec;
        assert.deepEqual(frozen.nodeSelector, { frozen: 'true' });
        const thawed = Object((await select(null)).template).spec;
        assert.equal(thawed.nodeSelector, undefined);
        await writer.delete(refOf(made), { uid: made.metadata.uid });
      });
      it('suspension of a Job and a CronJob, but not the template of a Job', async () => {
        const run = { template: { spec: { ...template('x').spec, restartPolicy: 'Never' } } };
        const metadata = { name: 'run', namespace };
        const job = await writer.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: run });
        assert.equal((await merged(job, { spec: { suspend: true } })).suspend, true);
        const other = { spec: { template: { spec: { hostNetwork: true } } } };
        await assert.rejects(merged(job, other), (e) => e instanceof Malformed && /spec\.template/.test(e.message));
        const spec = { schedule: '0 3 * * *', jobTemplate: { spec: run } };
        const cron = await writer.create({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec });
        assert.equal((await merged(cron, { spec: { suspend: true } })).suspend, true);
      });
      it('not into what breaks itself: a count below 0, a selector that its own pods do not match', async () => {
        const made = await workload('Deployment', 'broken');
        const less = merged(made, { spec: { replicas: -1 } });
        await assert.rejects(less, (e) => e instanceof Malformed && /spec\.replicas/.test(e.message));
        const astray = merged(made, { spec: { template: { metadata: { labels: { app: 'other' } } } } });
        await assert.rejects(astray, (e) => e instanceof Malformed && /does not match template/.test(e.message));
        await writer.delete(refOf(made), { uid: made.metadata.uid });
      });
      it('not the selector of a workload, and little of a StatefulSet', async () => {
        const made = await workload('Deployment', 'fixed');
        const matchLabels = { app: 'other' };
        const moved = { selector: { matchLabels }, template: { metadata: { labels: matchLabels } } };
        await assert.rejects(
          merged(made, { spec: moved }),
          (e) => e instanceof Malformed && /immutable/.test(e.message),
        );
        const set = await workload('StatefulSet', 'fixed', { serviceName: 'none' });
        await assert.rejects(merged(set, { spec: { serviceName: 'other' } }), (e) => {
          return e instanceof Malformed && /updates to statefulset spec for fields other than/.test(e.message);
        });
        for (const o of [made, set]) await writer.delete(refOf(o), { uid: o.metadata.uid });
      });
      it('the cordon, labels and annotations of a Node', async () => {
        const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${namespace}`, labels: { pool: 'a' } } };
        const made = await writer.create(node);
        const metadata = { uid: made.metadata.uid, annotations: { 'example.com/by': 'us' }, labels: { held: 'true' } };
        const body = { metadata, spec: { unschedulable: true } };
        const cordoned = await writer.patch(refOf(made), { type: 'strategic', body });
        assert.equal(cordoned.spec?.unschedulable, true);
        assert.equal(cordoned.metadata.labels?.pool, 'a');
        const back = { metadata: { annotations: { 'example.com/by': null } }, spec: { unschedulable: null } };
        const freed = await writer.patch(refOf(made), { type: 'merge', body: back });
        assert.equal(freed.spec?.unschedulable, undefined);
        assert.equal(freed.metadata.annotations?.['example.com/by'], undefined);
        await writer.delete(refOf(made), { uid: made.metadata.uid });
      });
      it('a policy that denies everything, which comes back without empty lists', async () => {
        const spec = { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] };
        const made = await writer.create({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'deny', namespace },
          spec: { ...spec, ingress: [], egress: [] },
        });
        assert.deepEqual(made.spec, spec);
      });
    });

    describe('admission', () => {
      it('says Denied of a pod whose service account or runtime class is not there', async () => {
        const pod = (n: string, more: Record<string, unknown>) => ({
          ...podIn(namespace, n),
          spec: { ...podIn(namespace, n).spec, ...more },
        });
        await assert.rejects(writer.create(pod('admit-1', { serviceAccountName: 'none' })), (e) => {
          return e instanceof Denied && /serviceaccount "none" not found/.test(e.message);
        });
        await assert.rejects(writer.create(pod('admit-2', { runtimeClassName: 'none' })), (e) => {
          return e instanceof Denied && /RuntimeClass "none" not found/.test(e.message);
        });
      });
      it('makes up a name, and takes no uid from outside', async () => {
        const { name: _name, ...metadata } = settings(namespace, 'x').metadata;
        const answer = await harness.admin.wire({
          method: 'POST',
          path: `/api/v1/namespaces/${namespace}/configmaps`,
          contentType: 'application/json',
          body: { ...settings(namespace, 'x'), metadata: { ...metadata, generateName: 'made-', uid: 'mine' } },
        });
        const made = Object(answer.body).metadata;
        assert.match(made.name, /^made-[a-z0-9]{5}$/);
        assert.notEqual(made.uid, 'mine');
      });
    });

    describe('log', () => {
      it('is undefined where there is none', async () => {
        const nowhere = {
          ...podIn(namespace, 'log-1'),
          spec: { ...podIn(namespace, 'log-1').spec, nodeSelector: { no: 'such' } },
        };
        await writer.create(nowhere);
        const of = { namespace, name: 'log-1', container: 'main', limitBytes: 1000 };
        assert.equal(await reader.log(of), undefined);
        assert.equal(await reader.log({ ...of, name: 'log-none' }), undefined);
        assert.equal(await reader.log({ ...of, container: 'other' }), undefined);
        await assert.rejects(reader.log({ ...of, container: '../x' }), Malformed);
      });
    });

    describe('kinds of others', () => {
      const group = 'contract.example.com';
      const widget = () => ({
        apiVersion: `${group}/v1`,
        kind: 'Widget',
        metadata: { name: 'w1', namespace },
        spec: { size: 1 },
      });
      before(async () => {
        const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
        const found = {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          name: `widgets.${group}`,
        };
        if ((await reader.get(found)) === undefined) {
          await writer.create({
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
          const made = await writer.create(widget()).catch(() => undefined);
          if (made !== undefined) return;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      });
      it('are read, merged and deleted like any other', async () => {
        const made = await reader.get({ apiVersion: `${group}/v1`, kind: 'Widget', namespace, name: 'w1' });
        assert.ok(made);
        const patched = await writer.patch(refOf(made), {
          type: 'merge',
          body: { metadata: mark(made), spec: { size: 0 } },
        });
        assert.deepEqual(patched.spec, { size: 0 });
        assert.equal(await writer.delete(refOf(made), { uid: made.metadata.uid }), 'deleted');
      });
      it('know no strategic patch', async () => {
        const made = await writer.create({ ...widget(), metadata: { name: 'w2', namespace } });
        await assert.rejects(writer.patch(refOf(made), { type: 'strategic', body: { spec: { size: 0 } } }), Malformed);
      });
    });

    describe('rights', () => {
      it('say Denied of every change, and let reads through', async () => {
        const made = await config('rights-1');
        const mine = harness.onlooker;
        assert.equal((await mine.reader.get(refOf(made)))?.metadata.uid, made.metadata.uid);
        const denied = (e: unknown) => e instanceof Denied && /cannot (create|patch|delete) resource/.test(e.message);
        await assert.rejects(mine.writer.create(settings(namespace, 'rights-2')), denied);
        await assert.rejects(mine.writer.patch(refOf(made), { type: 'merge', body: { data: {} } }), denied);
        await assert.rejects(mine.writer.delete(refOf(made), { uid: made.metadata.uid }), denied);
        await assert.rejects(mine.writer.evict({ namespace, name: 'x', uid: made.metadata.uid }), denied);
        assert.deepEqual((await read(made))?.data, { color: 'blue' });
      });
    });

    describe('a lost reply', () => {
      it('is Transient, and the same call again finds what it did', async () => {
        harness.loseNextReply();
        await assert.rejects(config('lost-1'), Transient);
        await assert.rejects(config('lost-1'), Conflict);
        const made = await reader.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'lost-1' });
        assert.ok(made);
        const change = { type: 'merge' as const, body: { metadata: mark(made), data: { color: 'red' } } };
        harness.loseNextReply();
        await assert.rejects(writer.patch(refOf(made), change), Transient);
        await assert.rejects(writer.patch(refOf(made), change), Conflict);
        assert.deepEqual((await read(made))?.data, { color: 'red' });
        harness.loseNextReply();
        await assert.rejects(writer.delete(refOf(made), { uid: made.metadata.uid }), Transient);
        assert.equal(await writer.delete(refOf(made), { uid: made.metadata.uid }), 'gone');
      });
    });

    describe('the wire itself', () => {
      const path = () => `/api/v1/namespaces/${namespace}/configmaps/wire-1`;
      before(() => config('wire-1'));
      const ask = (request: Parameters<Wire>[0]) => harness.admin.wire(request);
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
        }
      });
      it('names the object in a Status of 404', async () => {
        const answer = await ask({ method: 'GET', path: `/apis/apps/v1/namespaces/${namespace}/deployments/none` });
        const body = Object(answer.body);
        assert.equal(answer.status, 404);
        assert.equal(body.message, 'deployments.apps "none" not found');
        assert.deepEqual(body.details, { name: 'none', group: 'apps', kind: 'deployments' });
      });
      it('answers 400 to a new name in a patch', async () => {
        const contentType = 'application/merge-patch+json';
        const answer = await ask({ method: 'PATCH', path: path(), contentType, body: { metadata: { name: 'other' } } });
        assert.equal(answer.status, 400);
      });
    });
  });
};
