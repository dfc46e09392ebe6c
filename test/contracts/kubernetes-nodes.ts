import { strict as assert } from 'node:assert';
import { captureEvidence } from '../../shared/containment/steps/capture-evidence.ts';
import { cordonNode } from '../../shared/containment/steps/cordon-node.ts';
import { drainNode } from '../../shared/containment/steps/drain-node.ts';
import { leaveGroup } from '../../shared/containment/steps/leave-group.ts';
import { quarantinePod } from '../../shared/containment/steps/quarantine-pod.ts';
import { type OpenSite, siteEdit, siteObject, sitePod } from '../kit/site.ts';
import { type Trial, trialNode, trialPod, trialsOn } from '../kit/site-step.ts';
import { STEP_INCIDENT } from '../kit/step.ts';

const podsOn = async (trial: Trial): Promise<string[]> => {
  const fields = { 'spec.nodeName': trialPod(trial).host?.node ?? '' };
  return (await trial.site.admin.reader.list({ apiVersion: 'v1', kind: 'Pod', fields })).map((p) => p.metadata.name);
};

/**
 * Cases for every step that changes Node objects or moves pods. The cluster may be real; only the printed rights are
 * granted.
 */
export const kubernetesNodes = (name: string, open: OpenSite): void => {
  describe(`Kubernetes nodes: ${name}`, () => {
    const trial = trialsOn(open);

    it('cordon-node marks the node, and takes its mark back', async () => {
      const t = await trial({ pod: 'cart' });
      assert.equal((await t.expect(cordonNode, 'applied')).proof, 'proven');
      const cordoned = await trialNode(t);
      assert.equal(cordoned.spec?.unschedulable, true);
      const disabled = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';
      assert.equal(cordoned.metadata.annotations?.[disabled], 'true');
      assert.deepEqual(await t.undo(cordonNode), { outcome: 'undone' });
      const freed = await trialNode(t);
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
      assert.equal((await trialNode(t)).spec?.unschedulable, true);
      await siteEdit(t.site, await trialNode(t), { spec: { unschedulable: null } });
      assert.equal((await t.verify(cordonNode)).proof, 'not proven');
    });

    it('capture-evidence keeps a node itself where no pod of the incident is on it', async () => {
      const t = await trial({ nodeOf: 'cart' });
      const [subject = assert.fail()] = t.subjects;
      const { host } = subject.kind === 'node' ? subject : assert.fail(subject.kind);
      const { evidence } = t.site.bench.ports;
      const entry = await t.expect(captureEvidence, 'applied', /^6 exhibits kept$/, 'objects');
      assert.equal(entry.proof, 'proven');
      const folder = `incidents/${STEP_INCIDENT}/${host.id}/objects`;
      const json = async (name: string) =>
        JSON.parse(new TextDecoder().decode(await evidence.get(`${folder}/${name}`)));
      assert.equal((await json('node.json')).metadata.uid, host.nodeUid);
      assert.ok(Array.isArray(await json('events.json')));
      const { pods }: { pods: Array<{ name: string }> } = await json('pods.json');
      assert.ok(pods.some(({ name }) => name.startsWith('cart')));
    });

    it('leave-group labels the node that stays', async () => {
      const t = await trial({ pod: 'cart' });
      const before = (await trialNode(t)).metadata.labels;
      await t.expect(leaveGroup, 'applied', /no longer manages/);
      assert.notDeepEqual((await trialNode(t)).metadata.labels, before);
    });

    it('drain-node evicts what may go, system pods too, and no evidence', async () => {
      const t = await trial({ pod: 'cart' });
      await t.expect(cordonNode, 'applied');
      await t.expect(quarantinePod, 'applied');
      const was = await podsOn(t);
      await t.expect(drainNode, 'applied');
      const left = await podsOn(t);
      assert.ok(left.includes(trialPod(t).name));
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
