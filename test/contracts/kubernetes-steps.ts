import { strict as assert } from 'node:assert';
import { attachForensics } from '../../shared/containment/steps/attach-forensics.ts';
import { captureEvidence } from '../../shared/containment/steps/capture-evidence.ts';
import { denyPodNetwork } from '../../shared/containment/steps/deny-pod-network.ts';
import { quarantinePod } from '../../shared/containment/steps/quarantine-pod.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { type OpenSite, type Site, siteObject } from '../kit/site.ts';
import { type Trial, trialPod, trialsOn } from '../kit/site-step.ts';
import { STEP_INCIDENT } from '../kit/step.ts';

const livePod = (trial: Trial): Promise<KubeObject> =>
  siteObject(trial.site, 'v1', 'Pod', 'shop', trialPod(trial).name);

/**
 * Cases for every step that contains through the Kubernetes API. The cluster may be real; only the printed rights are
 * granted.
 */
export const kubernetesSteps = (name: string, open: OpenSite): void => {
  describe(`Kubernetes steps: ${name}`, () => {
    const trial = trialsOn(open);
    const policy = (one: Site, spec: unknown) =>
      one.admin.writer.create({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'firebreak-quarantine', namespace: one.space('shop') },
        spec,
      });

    it('deny-pod-network makes its policy, proves it, and removes it', async () => {
      const t = await trial({ pod: 'cart' });
      assert.equal((await t.expect(denyPodNetwork, 'applied')).proof, 'proven');
      const made = await siteObject(t.site, 'networking.k8s.io/v1', 'NetworkPolicy', 'shop', 'firebreak-quarantine');
      assert.deepEqual(made.spec, {
        podSelector: { matchLabels: { quarantine: 'true' } },
        policyTypes: ['Ingress', 'Egress'],
      });
      assert.equal((await t.undo(denyPodNetwork)).outcome, 'undone');
      await assert.rejects(
        siteObject(t.site, 'networking.k8s.io/v1', 'NetworkPolicy', 'shop', 'firebreak-quarantine'),
        /there is no/,
      );
    });
    it('deny-pod-network takes a policy that is there for what it does', async () => {
      const podSelector = { matchLabels: { quarantine: 'true' } };
      const denies = { podSelector, policyTypes: ['Ingress', 'Egress'] };
      const t = await trial({ pod: 'cart' }, async (one) => void (await policy(one, denies)));
      await t.expect(denyPodNetwork, 'skipped', /already denies all/);
      const other = await trial({ pod: 'cart' }, async (one) => {
        await policy(one, { ...denies, ingress: [{}] });
      });
      await other.expect(denyPodNetwork, 'refused', /does not deny all/);
    });
    it('deny-pod-network is refused where it would deny nothing', async () => {
      const bare = await trial({ pod: 'edge-probe' });
      await bare.expect(denyPodNetwork, 'refused', /host network/);
      const t = await trial({ pod: 'cart' }, async (one) => {
        for (const cluster of one.world.clusters.values()) Object.assign(cluster.described, { networkConfig: {} });
      });
      await t.expect(denyPodNetwork, 'refused', /does not enforce NetworkPolicy/);
    });

    it('quarantine-pod takes the pod out of its controller, which makes another, and gives it back', async () => {
      const t = await trial({ pod: 'cart' });
      const before = await livePod(t);
      await t.expect(denyPodNetwork, 'applied');
      const entry = await t.expect(quarantinePod, 'applied');
      assert.equal(entry.proof, 'proven', entry.because);
      const out = await livePod(t);
      assert.deepEqual(out.metadata.labels, { quarantine: 'true' });
      assert.deepEqual(out.metadata.ownerReferences ?? [], []);
      const carts = async () =>
        (
          await t.site.admin.reader.list({
            apiVersion: 'v1',
            kind: 'Pod',
            namespace: t.site.space('shop'),
            labels: { app: 'cart' },
          })
        ).length;
      assert.equal(await carts(), 3);
      assert.equal((await t.undo(quarantinePod)).outcome, 'undone');
      assert.equal(await carts(), 3);
      const { uid } = before.metadata;
      const back = await t.site.admin.reader.get({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: t.site.space('shop'),
        name: trialPod(t).name,
      });
      if (back?.metadata.uid === uid) assert.deepEqual(back.metadata.labels, before.metadata.labels);
    });
    it('quarantine-pod lets the unlimited tolerations be, which a living pod cannot lose', async () => {
      const t = await trial({ pod: 'debug-shell' });
      const before = await livePod(t);
      await t.expect(quarantinePod, 'applied');
      const forever = [await livePod(t)].flatMap((pod) => [pod.spec?.tolerations].flat());
      for (const key of ['not-ready', 'unreachable'])
        assert.ok(
          forever.some(
            (one) => Object(one).key === `node.kubernetes.io/${key}` && Object(one).tolerationSeconds === undefined,
          ),
        );
      const undone = await t.undo(quarantinePod);
      assert.equal(undone.outcome, 'undone');
      assert.deepEqual((await livePod(t)).metadata.labels, before.metadata.labels);
    });
    it("quarantine-pod keeps a StatefulSet's labels, or its set would be blocked", async () => {
      const t = await trial({ space: 'payments', pod: 'ledger-0' });
      await t.expect(quarantinePod, 'applied', /labels of its StatefulSet/);
      const pod = await siteObject(t.site, 'v1', 'Pod', 'payments', 'ledger-0');
      assert.deepEqual(pod.metadata.labels?.app, 'ledger');
      assert.equal(pod.metadata.labels?.quarantine, 'true');
      assert.equal((await t.undo(quarantinePod)).outcome, 'undone');
    });
    it('quarantine-pod does not touch another pod of the same name', async () => {
      const t = await trial({ pod: 'debug-shell' });
      const { metadata } = await livePod(t);
      const at = { apiVersion: 'v1', kind: 'Pod', namespace: t.site.space('shop'), name: metadata.name };
      await t.site.admin.writer.delete(at, { uid: metadata.uid, graceSeconds: 0 });
      const { apiVersion, kind } = at;
      const containers = [{ name: 'other', image: 'shop.example.com/other:1' }];
      await t.site.admin.writer.create({
        apiVersion,
        kind,
        metadata: { name: at.name, namespace: at.namespace },
        spec: { containers },
      });
      await t.expect(quarantinePod, 'skipped', /gone, or another pod now has its name/);
      assert.equal((await livePod(t)).metadata.labels?.quarantine, undefined);
    });

    it('capture-evidence keeps the objects and what the containers wrote', async () => {
      const t = await trial({ pod: 'cart' });
      const { evidence } = t.site.bench.ports;
      await t.expect(captureEvidence, 'applied', undefined, 'objects');
      await t.expect(captureEvidence, 'applied', undefined, 'logs');
      const folder = `incidents/${STEP_INCIDENT}/${trialPod(t).uid}`;
      const keys = (await evidence.list(folder)).map((key) => key.slice(folder.length + 1));
      for (const wanted of [
        'pod.json',
        'events.json',
        'node.json',
        'service-account.json',
        'bindings.json',
        'manifest.json',
      ])
        assert.ok(keys.includes(`objects/${wanted}`), `${wanted}: ${keys.join(' ')}`);
      assert.ok(keys.some((key) => /^objects\/owner-ReplicaSet-/.test(key)));
      assert.ok(keys.some((key) => /^objects\/owner-Deployment-/.test(key)));
      const log = await evidence.get(`${folder}/logs/cart.log`);
      assert.match(new TextDecoder().decode(log), /cart started\n$/);
      const bindings = JSON.parse(new TextDecoder().decode(await evidence.get(`${folder}/objects/bindings.json`)));
      assert.equal(bindings[0]?.metadata.name, 'cart-reader');
    });
    it('attach-forensics adds a container that runs', async () => {
      const t = await trial({ pod: 'cart' });
      await t.expect(attachForensics, 'applied', /kubectl .* attach/);
      assert.equal(Object([(await livePod(t)).spec?.ephemeralContainers].flat()[0]).targetContainerName, 'cart');
    });
  });
};
