import { strict as assert } from 'node:assert';
import type { Fields } from '../../local/world/kubernetes/objects.ts';
import { deletePod } from '../../shared/containment/steps/delete-pod.ts';
import { deleteWorkload } from '../../shared/containment/steps/delete-workload.ts';
import { freezeWorkload } from '../../shared/containment/steps/freeze-workload.ts';
import { killContainer } from '../../shared/containment/steps/kill-container.ts';
import { quarantinePod } from '../../shared/containment/steps/quarantine-pod.ts';
import { sandboxWorkload } from '../../shared/containment/steps/sandbox-workload.ts';
import { Conflict } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { type OpenSite, type Site, siteEdit, siteObject, sitePod } from '../kit/site.ts';
import { type Trial, trialsOn } from '../kit/site-step.ts';

const APPS = 'apps/v1';
const BATCH = 'batch/v1';

/** One workload of each kind, with a check of its spec for being frozen. */
const FROZEN: ReadonlyArray<{ apiVersion: string; kind: string; name: string; frozen: (spec: Fields) => unknown }> = [
  { apiVersion: APPS, kind: 'Deployment', name: 'cart', frozen: (spec) => spec.replicas === 0 },
  { apiVersion: BATCH, kind: 'CronJob', name: 'cleanup', frozen: (spec) => spec.suspend === true },
  { apiVersion: BATCH, kind: 'Job', name: 'nightly-report', frozen: (spec) => spec.suspend === true },
  {
    apiVersion: APPS,
    kind: 'DaemonSet',
    name: 'node-agent',
    frozen: (spec) => Object.keys(Object(Object(Object(spec.template).spec).nodeSelector)).length > 0,
  },
  { apiVersion: 'v1', kind: 'ReplicationController', name: 'old', frozen: (spec) => spec.replicas === 0 },
];

const makeOld = async (site: Site): Promise<void> => {
  const labels = { app: 'old' };
  const containers = [{ name: 'old', image: 'shop.example.com/old:1' }];
  await site.admin.writer.create({
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'old', namespace: site.space('shop') },
    spec: { replicas: 1, selector: labels, template: { metadata: { labels }, spec: { containers } } },
  });
};

/** Adds a pool with GKE Sandbox to the cluster, and its runtime class. */
const addSandbox = async (site: Site): Promise<void> => {
  for (const { described } of site.world.clusters.values()) {
    const pool = { name: 'pool-s', config: { sandboxConfig: { type: 'GVISOR' } } };
    Object.assign(described, { nodePools: [...[described.nodePools].flat(), pool] });
  }
  const metadata = { name: 'gvisor' };
  await site.admin.writer
    .create({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata, handler: 'gvisor' })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof Conflict)) throw thrown;
    });
};

/**
 * Cases for every step that changes or deletes workloads. The cluster may be real; only the printed rights are granted.
 */
export const kubernetesWorkloads = (name: string, open: OpenSite): void => {
  describe(`Kubernetes workloads: ${name}`, () => {
    const trial = trialsOn(open);
    const isThere = async (t: Trial, object: KubeObject): Promise<boolean> => {
      const { apiVersion, kind, metadata } = object;
      const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
      const found = await t.site.admin.reader.get({ apiVersion, kind, name: metadata.name, ...place });
      return found?.metadata.uid === metadata.uid;
    };

    for (const { apiVersion, kind, name: called, frozen } of FROZEN)
      it(`freeze-workload stops a ${kind}, and starts it as it was`, async () => {
        const t = await trial(
          { workload: { kind, name: called } },
          kind === 'ReplicationController' ? makeOld : undefined,
        );
        const now = () => siteObject(t.site, apiVersion, kind, 'shop', called);
        const { spec } = await now();
        // A controller that still selects the incident's pods would delete them with all others.
        if (t.subjects.some((subject) => subject.kind === 'pod')) await t.expect(quarantinePod, 'applied');
        assert.equal((await t.expect(freezeWorkload, 'applied')).proof, 'proven');
        assert.ok(frozen((await now()).spec ?? {}));
        assert.equal((await t.undo(freezeWorkload)).outcome, 'undone');
        assert.deepEqual((await now()).spec, spec);
      });
    it("freeze-workload keeps a stranger's number on release", async () => {
      const t = await trial({ workload: { kind: 'Deployment', name: 'cart' } });
      await t.expect(quarantinePod, 'applied');
      await t.expect(freezeWorkload, 'applied');
      const now = () => siteObject(t.site, APPS, 'Deployment', 'shop', 'cart');
      await siteEdit(t.site, await now(), { spec: { replicas: 5 } });
      assert.equal((await t.verify(freezeWorkload)).proof, 'not proven');
      assert.match((await t.undo(freezeWorkload)).because ?? '', /their value stays/);
      assert.equal((await now()).spec?.replicas, 5);
    });
    it('freeze-workload refuses a StatefulSet, which would delete its evidence', async () => {
      const t = await trial({ space: 'payments', workload: { kind: 'StatefulSet', name: 'ledger' } });
      await t.expect(freezeWorkload, 'refused', /would delete the quarantined pod/);
    });

    it('sandbox-workload sets the runtime class, and takes it back', async () => {
      const t = await trial({ workload: { kind: 'Deployment', name: 'cart' } }, addSandbox);
      const classOf = async () =>
        Object(Object((await siteObject(t.site, APPS, 'Deployment', 'shop', 'cart')).spec?.template).spec)
          .runtimeClassName;
      await t.expect(sandboxWorkload, 'applied');
      assert.equal(await classOf(), 'gvisor');
      assert.equal((await t.undo(sandboxWorkload)).outcome, 'undone');
      assert.equal(await classOf(), undefined);
    });
    it('sandbox-workload is refused without a pool for it', async () => {
      const t = await trial({ workload: { kind: 'Deployment', name: 'cart' } });
      await t.expect(sandboxWorkload, 'refused', /no node pool of the cluster has GKE Sandbox/);
    });

    it('delete-pod deletes the one pod, and its controller makes another', async () => {
      const t = await trial({ pod: 'cart' });
      const pod = await sitePod(t.site, 'shop', 'cart');
      assert.equal((await t.expect(deletePod, 'applied')).proof, 'proven');
      assert.equal(await isThere(t, pod), false);
      const pods = await t.site.admin.reader.list({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: t.site.space('shop'),
        labels: { app: 'cart' },
      });
      assert.equal(pods.length, 3);
    });
    it('delete-pod leaves a static pod, whose kubelet would make it again', async () => {
      const t = await trial({ space: 'kube-system', pod: 'kube-proxy' });
      await t.expect(deletePod, 'refused', /static pod/);
    });
    it('delete-workload deletes controller and pods, those that were taken out of it too', async () => {
      const t = await trial({ workload: { kind: 'Deployment', name: 'cart' } });
      const deployment = await siteObject(t.site, APPS, 'Deployment', 'shop', 'cart');
      const pod = await sitePod(t.site, 'shop', 'cart');
      await t.expect(quarantinePod, 'applied');
      const entry = await t.expect(deleteWorkload, 'applied');
      assert.equal(entry.proof, 'proven', entry.because);
      for (const object of [deployment, pod]) assert.equal(await isThere(t, object), false);
    });
    for (const { apiVersion, kind, name: called } of FROZEN.filter((one) => one.kind !== 'Deployment'))
      it(`delete-workload deletes a ${kind}`, async () => {
        const t = await trial(
          { workload: { kind, name: called } },
          kind === 'ReplicationController' ? makeOld : undefined,
        );
        const controller = await siteObject(t.site, apiVersion, kind, 'shop', called);
        const entry = await t.expect(deleteWorkload, 'applied');
        assert.equal(entry.proof, 'proven', entry.because);
        assert.equal(await isThere(t, controller), false);
      });
    it('delete-workload says that something makes it again, and leaves what was made', async () => {
      const t = await trial({ workload: { kind: 'Deployment', name: 'cart' } });
      const { apiVersion, kind, metadata, spec } = await siteObject(t.site, APPS, 'Deployment', 'shop', 'cart');
      const gone = async (): Promise<void> => {
        const place = { apiVersion, kind, name: 'cart', namespace: t.site.space('shop') };
        while ((await t.site.admin.reader.get(place)) !== undefined) await t.site.bench.clock.sleep(100);
        await t.site.admin.writer.create({
          apiVersion,
          kind,
          metadata: { name: 'cart', namespace: t.site.space('shop'), labels: metadata.labels },
          spec,
        });
      };
      const [entry] = await Promise.all([t.apply(deleteWorkload), gone()]);
      assert.equal(entry.state, 'applied', entry.because);
      assert.equal(entry.proof, 'not proven');
      assert.match(entry.because ?? '', /recreated within 2 minutes/);
      await siteObject(t.site, APPS, 'Deployment', 'shop', 'cart');
    });

    it('kill-container makes a pod of its own on the node, reads what it did, and removes it', async () => {
      const t = await trial({ pod: 'debug-shell' });
      await t.expect(deletePod, 'applied');
      assert.equal(
        (await t.expect(killContainer, 'applied', /removed 1 of its|no container of it was/)).proof,
        'proven',
      );
      const own = await t.site.admin.reader.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'firebreak' });
      assert.deepEqual(own, []);
    });
    it('kill-container is refused while the API has the pod', async () => {
      const t = await trial({ pod: 'debug-shell' });
      await t.expect(killContainer, 'refused', /still in the API/);
    });
  });
};
