import { strict as assert } from 'node:assert';
import { followMachines } from '../../../local/world/machines.ts';
import { SHOP, SHOP_NETWORK } from '../../../local/world/seed.ts';
import { run } from '../../../shared/containment/run.ts';
import { subjectsWith } from '../../../shared/decision/merge.ts';
import { hasRoom } from '../../../shared/decision/room.ts';
import type { PodSubject, Subject } from '../../../shared/model/subject.ts';
import { containmentKit, incidentOf, type Kit, openIncident, setGoal, subjectOf } from '../../kit/containment.ts';
import { pod } from './fixtures.ts';

const GROUP = 'gke-a-cluster-with-a-long-nam-pool-of-many-5f0a1b2c';

/** As many pods as an incident takes of 60, each on a node of its own. */
const podsOnNodes = async (kit: Kit): Promise<PodSubject[]> => {
  const members = Array.from({ length: 60 }, (_, n) => `${GROUP}-n${100 + n}`);
  kit.world.compute.addGroup({
    project: SHOP.project,
    zone: 'europe-west1-b',
    name: `${GROUP}-grp`,
    baseInstanceName: GROUP,
    members,
    template: {
      tags: ['gke-c1-node'],
      metadata: { 'cluster-name': SHOP.cluster, 'cluster-location': SHOP.location, 'gke-nodepool': 'pool-1' },
      nics: [{ network: SHOP_NETWORK, accessConfigs: [{ name: 'External NAT' }] }],
    },
  });
  followMachines(kit.world.compute, kit.cluster);
  const subjects: PodSubject[] = [];
  for (const nodeName of members) {
    const name = `an-agent-that-runs-on-every-node-${nodeName.slice(-4)}`;
    const containers = [{ name: 'agent', image: 'shop.example.com/agent:1.0.0' }];
    const made = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop' },
      spec: { nodeName, containers },
    };
    const subject = await subjectOf(kit, kit.cluster.apply(made));
    if (hasRoom(subjects, subject)) subjects.push(subject);
  }
  return subjects;
};

describe('the room for the subjects of an incident', () => {
  it('is 60 subjects where they share nodes, and less where each is on a node of its own', () => {
    const many = (nodes: number): Subject[] =>
      Array.from({ length: 100 }, (_, n) => {
        const { host, ...one } = pod({ uid: `pod-${n}`, name: `cart-7d9f5c6b8-${n}` });
        const id = `${n % nodes}`;
        return { ...one, ...(host === undefined ? {} : { host: { ...host, id, node: `gke-c1-pool-1-0a1b-${id}` } }) };
      });
    assert.equal(subjectsWith([], many(10)).length, 60);
    const apart = subjectsWith([], many(100)).length;
    assert.ok(apart > 20 && apart < 40, `${apart}`);
  });

  it('counts a pod that has no node yet as one on a node of its own', () => {
    const { host: _, ...homeless } = pod();
    const many = Array.from({ length: 100 }, (_, n) => ({ ...homeless, uid: `pod-${n}` }));
    assert.ok(subjectsWith([], many).length < 40);
  });

  it('takes in one subject, however long its names are', () => {
    assert.ok(hasRoom([], pod({ labels: { a: 'x'.repeat(400_000) } })));
  });

  it('leaves the document below its limit when all steps of the highest tiers are done', async function () {
    this.timeout(120_000);
    const kit = containmentKit();
    const subjects = await podsOnNodes(kit);
    await openIncident(kit, 'i-1', subjects, 'isolate');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    await setGoal(kit, 'i-1', 'delete-host');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const { plan, journal, subjects: held } = await incidentOf(kit, 'i-1');
    assert.ok(subjects.length > 15 && subjects.length < 40, `${subjects.length} subjects`);
    assert.ok(journal.length > 10 * subjects.length);
    const size = JSON.stringify({ plan, journal, held }).length;
    assert.ok(size <= 300 * 1024, `${size} characters for ${subjects.length} subjects`);
  });
});
