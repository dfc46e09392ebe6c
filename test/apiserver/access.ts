import { strict as assert } from 'node:assert';
import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import { isRefusedByPolicy } from '../../shared/containment/admission.ts';
import { Denied, Malformed, Unadmitted } from '../../shared/errors.ts';
import type { KubeObject, ObjectRef } from '../../shared/kubernetes/object.ts';
import type { ClusterWriter, Patch } from '../../shared/ports.ts';
import { makeNamespace } from '../kit/apiserver.ts';
import { grantOurs, mayUser, whilePodsMayBeMade } from './grants.ts';
import { IDENTITIES, type Identity } from './identities.ts';
import { CHANGES, NEVER, TOUCHED } from './questions.ts';
import { sharedApiServer } from './shared.ts';

const OURS = Object.entries(IDENTITIES).flatMap(([name, { user }]) => (name.startsWith('firebreak-') ? [user] : []));

/** What Firebreak's identities may do on a real server with exactly what `firebreak rbac` prints. */
export const accessSuite = (): void => {
  describe('the permissions that firebreak rbac prints', () => {
    let admin: ClusterWriter;
    let contain: ClusterWriter;
    let shop: string;
    before(async () => {
      await grantOurs();
      const server = await sharedApiServer();
      admin = makeKubernetesWriter(server.wire('admin'));
      contain = makeKubernetesWriter(server.wire('firebreak-contain'));
      shop = await makeNamespace(admin, 'access');
    });

    const spec = () => ({ containers: [{ name: 'main', image: 'shop.example.com/main:1' }] });
    const podIn = (namespace: string, name: string) =>
      admin.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace },
        spec: { ...spec(), automountServiceAccountToken: false },
      });
    const workload = (kind: string, name: string, fields: Record<string, unknown> = {}) => {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: spec() };
      return admin.create({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace: shop },
        spec: { selector: { matchLabels: labels }, template, ...fields },
      });
    };
    const refOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef => ({
      apiVersion,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
    const merge = (object: KubeObject, body: unknown, type: Patch['type'] = 'merge') =>
      contain.patch(refOf(object), { type, body });
    const removed = async (ref: ObjectRef) => {
      const server = await sharedApiServer();
      const found = await makeKubernetesReader(server.wire('admin')).get(ref);
      if (found !== undefined) await admin.delete(ref, { uid: found.metadata.uid });
    };
    const refuses = (promise: Promise<unknown>, sentence: RegExp) =>
      assert.rejects(promise, (e) => e instanceof Denied && sentence.test(e.message));

    /** What a change is refused with. The server needs a moment to enforce a new policy. */
    const firstRefusal = async (change: (n: number) => Promise<unknown>): Promise<unknown> => {
      const deadline = Date.now() + 20_000;
      let thrown: unknown;
      for (let n = 0; thrown === undefined && Date.now() < deadline; n += 1) {
        thrown = await change(n).then(
          () => undefined,
          (refusal: unknown) => refusal,
        );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return thrown;
    };

    it('apply to an account by its e-mail address and by its numeric id', async () => {
      const server = await sharedApiServer();
      for (const identity of ['firebreak-decide', 'firebreak-decide-id'] satisfies Identity[]) {
        const reader = makeKubernetesReader(server.wire(identity));
        assert.deepEqual(await reader.list({ apiVersion: 'v1', kind: 'Pod', namespace: shop }), []);
      }
      const pod = await podIn(shop, 'by-id');
      const byId = makeKubernetesWriter(server.wire('firebreak-contain-id'));
      await byId.patch(refOf(pod), { type: 'merge', body: { metadata: { labels: { quarantine: 'true' } } } });
      await refuses(
        byId.patch(refOf(pod), { type: 'merge', body: { spec: { activeDeadlineSeconds: 5 } } }),
        /spec of a pod/,
      );
    });
    it('do not hide that a policy of somebody else refused, which the server answers with 422', async () => {
      const registration = 'admissionregistration.k8s.io/v1';
      const own = await makeNamespace(admin, 'labels');
      const metadata = { name: own };
      await admin.create({
        apiVersion: registration,
        kind: 'ValidatingAdmissionPolicy',
        metadata,
        spec: {
          matchConstraints: {
            resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods'] }],
          },
          validations: [{ expression: "'app' in object.metadata.?labels.orValue({})", message: 'app is required' }],
        },
      });
      const matchResources = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': own } } };
      const spec = { policyName: metadata.name, validationActions: ['Deny'], matchResources };
      await admin.create({ apiVersion: registration, kind: 'ValidatingAdmissionPolicyBinding', metadata, spec });
      const pod = await podIn(own, 'labelled');
      const label = (value: string) => merge(pod, { metadata: { labels: { quarantine: value } } });
      const thrown = await firstRefusal((n) => label(String(n)));
      for (const kind of ['ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy'])
        await removed({ apiVersion: registration, kind, name: metadata.name });
      assert.ok(thrown instanceof Malformed && /\(422\): .*app is required/.test(thrown.message), String(thrown));
      assert.equal(isRefusedByPolicy(thrown), true);
    });
    it('tell a webhook that does not answer, by which no change passes, from other faults of the server', async () => {
      const registration = 'admissionregistration.k8s.io/v1';
      const own = await makeNamespace(admin, 'webhook');
      const kind = 'ValidatingWebhookConfiguration';
      const pod = await podIn(own, 'guarded');
      await admin.create({
        apiVersion: registration,
        kind,
        metadata: { name: own },
        webhooks: [
          {
            name: 'guard.example.com',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            failurePolicy: 'Fail',
            timeoutSeconds: 1,
            // Nobody listens there.
            clientConfig: { url: 'https://127.0.0.1:9/' },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': own } },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods'] }],
          },
        ],
      });
      const thrown = await firstRefusal((n) => merge(pod, { metadata: { labels: { quarantine: String(n) } } }));
      await removed({ apiVersion: registration, kind, name: own });
      assert.ok(thrown instanceof Unadmitted && /guard\.example\.com/.test(thrown.message), String(thrown));
    });
    it('give nobody secrets, shells, credentials or roles', async () => {
      for (const question of NEVER)
        for (const user of OURS)
          assert.equal(await mayUser(user, question), false, `${user} ${JSON.stringify(question)}`);
    });
    it('let decide, operate and detect-cryptomining change nothing', async () => {
      for (const name of ['decide', 'operate', 'detect-cryptomining'])
        for (const verb of CHANGES)
          for (const what of TOUCHED) {
            const user = `firebreak-${name}@p1.iam.gserviceaccount.com`;
            assert.equal(await mayUser(user, { verb, namespace: shop, ...what }), false, `${name} ${verb}`);
          }
    });
    it('let contain change the labels and tolerations of a pod, and attach a container, but nothing else in its spec', async () => {
      const pod = await podIn(shop, 'cart');
      const tolerations = [...[pod.spec?.tolerations].flat(), { key: 'example.com/x', operator: 'Exists' }];
      await merge(pod, { metadata: { labels: { quarantine: 'true' } }, spec: { tolerations } });
      const image = { spec: { containers: [{ name: 'main', image: 'shop.example.com/other:1' }] } };
      await refuses(merge(pod, image, 'strategic'), /nothing in the spec of a pod but tolerations/);
      await admin.patch(refOf(pod), { type: 'strategic', body: image });
      const probe = { spec: { ephemeralContainers: [{ name: 'look', image: 'tools.example.com/look:1' }] } };
      await contain.patch(refOf(pod), { type: 'strategic', body: probe }, 'ephemeralcontainers');
    });
    it('let contain create pods in its own namespace only', async () => {
      const body = (namespace: string) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'kill', namespace },
        spec: spec(),
      });
      await refuses(contain.create(body(shop)), /cannot create resource "pods"/);
      const made = await contain.create(body('firebreak'));
      assert.equal(await contain.delete(refOf(made), { uid: made.metadata.uid, graceSeconds: 0 }), 'deleted');
      await whilePodsMayBeMade(() => refuses(contain.create(body(shop)), /makes pods in namespace firebreak only/));
    });
    it('let contain evict from protected namespaces, but change nothing else there', async () => {
      for (const name of ['gke-managed-system', 'gmp-system'])
        await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      for (const namespace of ['kube-system', 'gke-managed-system', 'gmp-system']) {
        const account = { name: 'default', namespace };
        await admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
        const pod = await podIn(namespace, 'dns');
        await refuses(merge(pod, { metadata: { labels: { a: 'b' } } }), /nothing in a protected namespace/);
        await refuses(contain.delete(refOf(pod), { uid: pod.metadata.uid }), /nothing in a protected namespace/);
        const probe = { spec: { ephemeralContainers: [{ name: 'look', image: 'tools.example.com/look:1' }] } };
        await refuses(
          contain.patch(refOf(pod), { type: 'strategic', body: probe }, 'ephemeralcontainers'),
          /nothing in a protected namespace/,
        );
        const evicted = await contain.evict({ namespace, name: 'dns', uid: pod.metadata.uid, graceSeconds: 0 });
        assert.deepEqual(evicted, { outcome: 'evicted' });
      }
    });
    it('let contain cordon, label and annotate a node, but change nothing else in its spec', async () => {
      const node = await admin.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: `access-${shop}` } });
      await merge(node, { metadata: { annotations: { a: 'b' } }, spec: { unschedulable: true } });
      await merge(node, { metadata: { labels: { a: 'b' } }, spec: { unschedulable: null } });
      const taints = [{ key: 'example.com/x', effect: 'NoExecute' }];
      await refuses(merge(node, { spec: { taints } }), /nothing in the spec of a node/);
      await refuses(merge(node, { spec: { providerID: 'gce://p1/z/other' } }), /nothing in the spec of a node/);
    });
    it('let contain scale and place workloads, but never change what they run', async () => {
      const image = { template: { spec: { containers: [{ name: 'main', image: 'shop.example.com/other:1' }] } } };
      for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet']) {
        const made = await workload(
          kind,
          `scaled-${kind.toLowerCase()}`,
          kind === 'StatefulSet' ? { serviceName: 'x' } : {},
        );
        await merge(made, { spec: { replicas: 0 } });
        await refuses(merge(made, { spec: image }, 'strategic'), /nothing in the pods of a workload/);
        await refuses(merge(made, { spec: { minReadySeconds: 7 } }), /how much of a workload runs/);
      }
      const agent = await workload('DaemonSet', 'agent');
      await merge(agent, { spec: { template: { spec: { nodeSelector: { none: 'true' } } } } });
      await merge(agent, { spec: { template: { spec: { nodeSelector: null } } } });
      await refuses(merge(agent, { spec: { template: { spec: { hostNetwork: true } } } }), /nothing in the pods/);
      await refuses(merge(agent, { spec: { template: { metadata: { labels: { b: 'c' } } } } }), /nothing in the pods/);
    });
    it('let contain suspend jobs, but never change what they run', async () => {
      const template = { spec: { ...spec(), restartPolicy: 'Never' } };
      const metadata = { name: 'report', namespace: shop };
      const job = await admin.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } });
      await merge(job, { spec: { suspend: true } });
      await refuses(merge(job, { spec: { parallelism: 9 } }), /how much of a workload runs/);
      const jobTemplate = { spec: { template } };
      const cron = await admin.create({
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata,
        spec: { schedule: '0 3 * * *', jobTemplate },
      });
      await merge(cron, { spec: { suspend: true } });
      await refuses(merge(cron, { spec: { schedule: '* * * * *' } }), /how much of a workload runs/);
      await refuses(merge(cron, { spec: { jobTemplate: { spec: { parallelism: 9 } } } }), /jobs of a CronJob/);
      const other = { template: { spec: { hostPID: true } } };
      await refuses(merge(cron, { spec: { jobTemplate: { spec: other } } }), /nothing in the pods of a workload/);
    });
    it('let contain create and delete the quarantine policy, and no other', async () => {
      const policy = (name: string, more: Record<string, unknown> = {}) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace: shop },
        spec: { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'], ...more },
      });
      await refuses(contain.create(policy('other')), /no NetworkPolicy but firebreak-quarantine/);
      await refuses(contain.create(policy('firebreak-quarantine', { ingress: [{}] })), /allows anything/);
      const theirs = await admin.create(policy('theirs'));
      await refuses(contain.delete(refOf(theirs), { uid: theirs.metadata.uid }), /no NetworkPolicy but/);
      const ours = await contain.create(policy('firebreak-quarantine'));
      assert.equal(await contain.delete(refOf(ours), { uid: ours.metadata.uid }), 'deleted');
    });
  });
};
