import { strict as assert } from 'node:assert';
import { run } from '../../shared/containment/run.ts';
import { stepOf } from '../../shared/containment/steps/registry.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Goal } from '../../shared/model/decision.ts';
import type { Entry } from '../../shared/model/entry.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { incidentOf, openIncident, setGoal } from '../kit/containment.ts';
import { type OpenSite, type Site, siteObject, sitePod, siteSubjects } from '../kit/site.ts';

const ID = 'i-1';
const DELIVERIES = 40;
const QUARANTINE = 'firebreak-quarantine';

/** Delivers an incident until its goal is reached, with ticks in between. */
const reach = async (site: Site): Promise<Incident> => {
  for (let deliveries = 0; deliveries < DELIVERIES; deliveries += 1) {
    await site.bench.clock.drive(run(site.bench.ports, ID));
    await site.play();
    const incident = await incidentOf(site.bench, ID);
    if (incident.run.rev === incident.goal?.rev) return incident;
    await site.bench.clock.drive(site.bench.clock.sleep(15_000));
  }
  throw new Error('the goal is not reached');
};

const said = (entries: readonly Entry[]): string[] =>
  entries.map((e) => `${e.step} ${e.state} ${e.proof}: ${e.because ?? ''}`);
const ourMarks = ({ metadata }: KubeObject): string[] =>
  Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith('firebreak.dev/'));
/** Whether a change is still in force after a release; only for steps that leave something to undo. */
const inForce = (entry: Entry): boolean =>
  stepOf(entry.step)?.undoable !== false && (entry.state === 'applied' || entry.state === 'applying');

/** Cases for whole containments through the run. The cluster may be real; only the printed rights are granted. */
export const kubernetesStory = (name: string, open: OpenSite): void => {
  describe(`Kubernetes story: ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await open();
      await site.play();
    });
    afterEach(() => site.stop());

    const begin = async (tier: Goal['tier'], start = 'cart') => {
      const pod = await sitePod(site, 'shop', start);
      const subjects = await siteSubjects(site, 'shop', { pod: pod.metadata.name });
      await openIncident(site.bench, ID, subjects, tier);
      return pod;
    };
    const live = (pod: { metadata: { name: string } }) => siteObject(site, 'v1', 'Pod', 'shop', pod.metadata.name);
    const policy = () =>
      site.admin.reader.get({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        namespace: site.space('shop'),
        name: QUARANTINE,
      });

    it('quarantines a pod, every change applied and proven, and releases it', async () => {
      const before = await begin('quarantine');
      const contained = await reach(site);
      assert.equal(contained.state, 'contained');
      assert.deepEqual(said(contained.journal.filter((e) => e.state !== 'applied' || e.proof !== 'proven')), []);
      assert.deepEqual((await live(before)).metadata.labels, { quarantine: 'true' });
      assert.ok(await policy());
      await setGoal(site.bench, ID, 'released');
      const released = await reach(site);
      assert.equal(released.state, 'released');
      assert.deepEqual(said(released.journal.filter(inForce)), []);
      assert.equal(await policy(), undefined);
      const node = await siteObject(site, 'v1', 'Node', undefined, String(before.spec?.nodeName));
      assert.equal(node.spec?.unschedulable, undefined);
      assert.deepEqual(ourMarks(node), []);
      // After its ReplicaSet has adopted the pod again, the pod may be the surplus one that is deleted.
      const pods = await site.admin.reader.list({ apiVersion: 'v1', kind: 'Pod', namespace: site.space('shop') });
      assert.deepEqual(pods.flatMap(ourMarks), []);
      assert.equal(pods.filter((pod) => pod.metadata.labels?.app === 'cart').length, 3);
    });

    it('isolates the node: drained, out of its group, cut, and the pod still there as evidence', async () => {
      const before = await begin('isolate');
      const contained = await reach(site);
      assert.equal(contained.state, 'contained');
      const of = (step: string) => contained.journal.find((e) => e.step === step);
      for (const step of ['cordon-node', 'quarantine-pod', 'leave-group', 'drain-node', 'deny-node-network'])
        assert.equal(of(step)?.state, 'applied', `${step}: ${of(step)?.because}`);
      const kept = await live(before);
      assert.equal(kept.metadata.uid, before.metadata.uid);
      assert.equal(kept.metadata.deletionTimestamp, undefined);
      const node = await siteObject(site, 'v1', 'Node', undefined, String(before.spec?.nodeName));
      const ready = [node.status?.conditions].flat().find((c) => Object(c).type === 'Ready');
      assert.equal(Object(ready).status, 'Unknown');
      await setGoal(site.bench, ID, 'released');
      const released = await reach(site);
      assert.equal(released.state, 'released');
      assert.deepEqual(said(released.journal.filter(inForce)), []);
    });

    it('deletes a workload once its snapshots are ready, and every pod of the incident with it', async () => {
      const before = await begin('delete-workload');
      const contained = await reach(site);
      const deleted = contained.journal.find((e) => e.step === 'delete-workload');
      assert.equal(deleted?.state, 'applied', deleted?.because);
      const place = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: site.space('shop'), name: 'cart' };
      assert.equal(await site.admin.reader.get(place), undefined);
      await assert.rejects(live(before), /there is no/);
      const killed = contained.journal.find((e) => e.step === 'kill-container');
      assert.equal(killed?.state, 'applied', killed?.because);
      const left = await site.admin.reader.list({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: site.space('shop'),
        labels: { app: 'cart' },
      });
      assert.deepEqual(left, []);
    });

    it('redeploys: the pod goes, and its controller makes a clean one', async () => {
      const before = await begin('redeploy');
      const contained = await reach(site);
      assert.equal(contained.journal.find((e) => e.step === 'delete-pod')?.state, 'applied');
      await assert.rejects(live(before), /there is no/);
      await sitePod(site, 'shop', 'cart');
    });
  });
};
