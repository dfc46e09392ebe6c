import { strict as assert } from 'node:assert';
import { attachForensics } from '../../shared/containment/steps/attach-forensics.ts';
import { captureEvidence } from '../../shared/containment/steps/capture-evidence.ts';
import { cordonNode } from '../../shared/containment/steps/cordon-node.ts';
import { denyPodNetwork } from '../../shared/containment/steps/deny-pod-network.ts';
import { drainNode } from '../../shared/containment/steps/drain-node.ts';
import { leaveGroup } from '../../shared/containment/steps/leave-group.ts';
import { quarantinePod } from '../../shared/containment/steps/quarantine-pod.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { PodSubject } from '../../shared/model/subject.ts';
import { type OpenSite, type Site, siteEdit, siteObject, sitePod } from '../kit/site.ts';
import { type On, openTrial, type Trial } from '../kit/site-step.ts';
import { STEP_INCIDENT } from '../kit/step.ts';

const podOf = ({ subjects }: Trial): PodSubject => {
  const found = subjects.find((s) => s.kind === 'pod');
  assert.ok(found?.kind === 'pod', 'the incident has no pod');
  return found;
};
const livePod = (trial: Trial): Promise<KubeObject> => siteObject(trial.site, 'v1', 'Pod', 'shop', podOf(trial).name);
const nodeOf = (trial: Trial): Promise<KubeObject> =>
  siteObject(trial.site, 'v1', 'Node', undefined, podOf(trial).host?.node ?? '');
const podsOn = async (trial: Trial): Promise<string[]> => {
  const fields = { 'spec.nodeName': podOf(trial).host?.node ?? '' };
  return (await trial.site.admin.reader.list({ apiVersion: 'v1', kind: 'Pod', fields })).map((p) => p.metadata.name);
};

/** Every step that contains through the Kubernetes API, on a cluster that may be real, under the printed rights. */
export const kubernetesSteps = (name: string, open: OpenSite): void => {
  describe(`Kubernetes steps: ${name}`, () => {
    let site: Site | undefined;
    afterEach(async () => {
      await site?.stop();
      site = undefined;
    });
    const trial = async (on: On, before?: (site: Site) => Promise<void>): Promise<Trial> => {
      const opened = await openTrial(open, on, before);
      site = opened.site;
      return opened;
    };
    const policy = (one: Site, spec: unknown) =>
      one.admin.writer.create({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'firebreak-quarantine', namespace: one.space('shop') },
        spec,
      });

    it('cordon-node marks the node, and takes its mark back', async () => {
      const t = await trial({ pod: 'cart' });
      assert.equal((await t.expect(cordonNode, 'applied')).proof, 'proven');
      const cordoned = await nodeOf(t);
      assert.equal(cordoned.spec?.unschedulable, true);
      const disabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';
      assert.equal(cordoned.metadata.annotations?.[disabled], 'true');
      assert.deepEqual(await t.undo(cordonNode), { outcome: 'undone' });
      const freed = await nodeOf(t);
      assert.equal(freed.spec?.unschedulable, undefined);
      assert.equal(freed.metadata.annotations?.[disabled], undefined);
    });
    it("cordon-node leaves a stranger's cordon, and says when somebody lifted ours", async () => {
      const t = await trial({ pod: 'cart' }, async (one) => {
        const pod = await sitePod(one, 'shop', 'cart');
        const node = await siteObject(one, 'v1', 'Node', undefined, String(pod.spec?.nodeName));
        await siteEdit(one, node, { spec: { unschedulable: true } });
      });
      await t.expect(cordonNode, 'applied', /someone else/);
      assert.equal((await t.undo(cordonNode)).outcome, 'undone');
      assert.equal((await nodeOf(t)).spec?.unschedulable, true);
      await siteEdit(t.site, await nodeOf(t), { spec: { unschedulable: null } });
      assert.equal((await t.verify(cordonNode)).proof, 'not proven');
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
      await t.expect(denyPodNetwork, 'skipped', /denies all already/);
      await site?.stop();
      const other = await trial({ pod: 'cart' }, async (one) => {
        await policy(one, { ...denies, ingress: [{}] });
      });
      await other.expect(denyPodNetwork, 'refused', /does not deny all/);
    });
    it('deny-pod-network is refused where it would deny nothing', async () => {
      const bare = await trial({ pod: 'edge-probe' });
      await bare.expect(denyPodNetwork, 'refused', /host network/);
      await site?.stop();
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
        name: podOf(t).name,
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
      await t.expect(quarantinePod, 'skipped', /gone, or another pod has its name/);
      assert.equal((await livePod(t)).metadata.labels?.quarantine, undefined);
    });

    it('capture-evidence keeps the objects and what the containers wrote', async () => {
      const t = await trial({ pod: 'cart' });
      const { evidence } = t.site.bench.ports;
      await t.expect(captureEvidence, 'applied', undefined, 'objects');
      await t.expect(captureEvidence, 'applied', undefined, 'logs');
      const folder = `incidents/${STEP_INCIDENT}/${podOf(t).uid}`;
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
    it('leave-group labels the node that stays', async () => {
      const t = await trial({ pod: 'cart' });
      const before = (await nodeOf(t)).metadata.labels;
      await t.expect(leaveGroup, 'applied', /no longer managed/);
      assert.notDeepEqual((await nodeOf(t)).metadata.labels, before);
    });

    it('drain-node evicts what may go, system pods too, and no evidence', async () => {
      const t = await trial({ pod: 'cart' });
      await t.expect(cordonNode, 'applied');
      await t.expect(quarantinePod, 'applied');
      const was = await podsOn(t);
      await t.expect(drainNode, 'applied');
      const left = await podsOn(t);
      assert.ok(left.includes(podOf(t).name));
      assert.ok(was.length > left.length, `${was.join(' ')} -> ${left.join(' ')}`);
      assert.deepEqual(
        left.filter((one) => !/^(cart|node-agent|kube-proxy|debug-shell|edge-probe)/.test(one)),
        [],
      );
      assert.equal((await t.verify(drainNode)).proof, 'proven');
    });
    it('drain-node names the budget that blocks it', async () => {
      const t = await trial({ pod: 'node-agent', beside: 'cart' }, async (one) => {
        await siteEdit(one, await siteObject(one, 'policy/v1', 'PodDisruptionBudget', 'shop', 'cart'), {
          spec: { minAvailable: 3 },
        });
      });
      await t.expect(cordonNode, 'applied');
      await t.expect(drainNode, 'failed', /disruption budget cart/);
      assert.ok((await podsOn(t)).some((one) => one.startsWith('cart')));
    });
  });
};
