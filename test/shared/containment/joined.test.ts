import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP_NETWORK } from '../../../local/world/seed.ts';
import { firewallResource } from '../../../shared/adapters/compute-firewalls.ts';
import { SCALE_DOWN_DISABLED } from '../../../shared/containment/marks.ts';
import { QUARANTINE_TAG, quarantineRules } from '../../../shared/containment/quarantine-rules.ts';
import { type RunPorts, run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  neighboursIn,
  openIncident,
  podNamed,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

const cutOf = ({ journal }: Incident) => {
  const { state, proof, because } = journal.find((e) => e.step === 'deny-node-network') ?? assert.fail();
  return { state, proof, because };
};

/** A node that carries a tag of somebody else, with the deny rules there, and i-1, which is about to cut it off. */
const joinable = async (tag: string) => {
  const kit = containmentKit();
  const { cart, other, host } = await neighboursIn(kit);
  const { compute } = kit.world;
  const [url = ''] = [...compute.state.instances].find(([, { id }]) => id === host.id) ?? [];
  for (const rule of quarantineRules(SHOP_NETWORK))
    compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
  compute.stranger.setTags(url, ['gke-c1-node', tag]);
  await openIncident(kit, 'i-1', [cart], 'isolate');
  return {
    kit,
    other,
    reconnect: () => compute.stranger.setTags(url, ['gke-c1-node']),
    isCut: () => vmOf(kit, host)?.tags.items?.includes(QUARANTINE_TAG),
  };
};

/** A node that i-1 has cut off, and i-2, which is about to join it with another pod. */
const cutNode = async () => {
  const kit = containmentKit();
  const { cart, other, host } = await neighboursIn(kit);
  await openIncident(kit, 'i-1', [cart], 'isolate');
  await deliver(kit, 'i-1');
  await openIncident(kit, 'i-2', [other], 'isolate');
  const { compute } = kit.world;
  const [url = ''] = [...compute.state.instances].find(([, { id }]) => id === host.id) ?? [];
  return {
    kit,
    host,
    url,
    reconnect: () => compute.stranger.setTags(url, ['gke-c1-node']),
    refuse: (status: number, reason: string, times: number) =>
      compute.state.scripts.push({
        ...{ kind: 'refuse', status, reason, times },
        ...{ actor: CONTAIN, method: 'Instances.GetEffectiveFirewalls' },
      }),
    isCut: () => vmOf(kit, host)?.tags.items?.includes(QUARANTINE_TAG),
  };
};

describe("containment/joined: another incident's change on a node", () => {
  it('is told as proven if it is still in force', async () => {
    const { kit } = await cutNode();
    assert.deepEqual(cutOf(await deliver(kit, 'i-2')), {
      ...{ state: 'applied', proof: 'proven' },
      because: 'already done for incident i-1; both incidents now hold it',
    });
  });

  it('is not told as proven if people took it back, and not made again against them', async () => {
    const { kit, reconnect, isCut } = await cutNode();
    reconnect();
    const cut = cutOf(await deliver(kit, 'i-2'));
    assert.deepEqual([cut.state, cut.proof, isCut()], ['applied', 'not proven', false]);
    assert.match(cut.because ?? '', /^already done for incident i-1; both incidents now hold it; the tag .* removed/);
  });

  it('is not told as proven if it may not be looked at', async () => {
    const { kit, refuse, isCut } = await cutNode();
    refuse(403, 'forbidden', 1_000);
    const cut = cutOf(await deliver(kit, 'i-2'));
    assert.deepEqual([cut.state, cut.proof, isCut()], ['applied', 'not proven', true]);
    assert.match(cut.because ?? '', /both incidents now hold it; it cannot be checked: /);
  });

  it('is looked at again by a later delivery if the look failed for a moment', async () => {
    const { kit, host, refuse } = await cutNode();
    refuse(503, 'backendError', 1_000);
    await kit.clock.drive(run(kit.ports, 'i-2').catch(() => undefined));
    const cut = (await incidentOf(kit, 'i-2')).journal.find((e) => e.step === 'deny-node-network');
    assert.notEqual(cut?.proof, 'proven');
    assert.equal((await kit.ports.stores.hosts.get(host.id))?.lease, undefined);
    kit.world.compute.state.scripts = [];
    assert.equal(cutOf(await deliver(kit, 'i-2')).proof, 'proven');
  });

  it('is told as not checked where the check gets no answer for days, and the incident goes on', async () => {
    const { kit, refuse, isCut } = await cutNode();
    refuse(503, 'backendError', 1_000_000);
    for (let deliveries = 0; deliveries < 20; deliveries += 1) {
      await kit.clock.drive(run(kit.ports, 'i-2').catch(() => undefined));
      await kit.clock.advance(60_000);
    }
    const incident = await incidentOf(kit, 'i-2');
    const cut = cutOf(incident);
    assert.equal(incident.state, 'contained');
    assert.deepEqual([cut.state, cut.proof, isCut()], ['applied', 'not proven', true]);
    assert.match(cut.because ?? '', /both incidents now hold it; it cannot be checked: .*503/);
  });

  it('stays skipped if a closed incident found that there was nothing to do', async () => {
    const kit = containmentKit();
    const { cart, other, host } = await neighboursIn(kit);
    const node = { apiVersion: 'v1', kind: 'Node', name: host.node };
    kit.cluster.edit(
      node,
      ({ metadata, spec }) => {
        Object.assign(spec ?? {}, { unschedulable: true });
        metadata.annotations = { ...metadata.annotations, [SCALE_DOWN_DISABLED]: 'true' };
      },
      'stranger',
    );
    const cordonOf = async (id: string) => (await deliver(kit, id)).journal.find((e) => e.step === 'cordon-node');
    await openIncident(kit, 'i-1', [cart], 'quarantine');
    assert.equal((await cordonOf('i-1'))?.state, 'skipped');
    await reach(kit, 'i-1', 'closed');
    await openIncident(kit, 'i-2', [other], 'quarantine');
    const cordon = await cordonOf('i-2');
    assert.deepEqual([cordon?.state, cordon?.proof], ['skipped', 'proven']);
    await reach(kit, 'i-2', 'released');
    assert.equal(kit.cluster.get(node)?.spec?.unschedulable, true);
  });

  it('is made for this incident if another one found it there, and it has gone since', async () => {
    const { kit, other, reconnect, isCut } = await joinable(QUARANTINE_TAG);
    const first = cutOf(await deliver(kit, 'i-1'));
    assert.deepEqual([first.state, first.proof], ['skipped', 'proven'], first.because);
    reconnect();
    await openIncident(kit, 'i-2', [other], 'isolate');
    const second = cutOf(await deliver(kit, 'i-2'));
    assert.deepEqual([second.state, second.proof, isCut()], ['applied', 'proven', true], second.because);
    for (const id of ['i-1', 'i-2']) {
      assert.equal((await reach(kit, id, 'released')).state, 'released');
    }
    assert.equal(isCut(), false);
  });

  it('is refused if it does nothing for the pods of this incident, which then does not hold it', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    await deliver(kit, 'i-1');
    const bare = await subjectOf(kit, podNamed(kit, 'shop', 'edge-probe'));
    await openIncident(kit, 'i-2', [bare], 'quarantine');
    const { journal } = await deliver(kit, 'i-2');
    const entry = journal.find((e) => e.step === 'deny-pod-network');
    assert.deepEqual([entry?.state, entry?.proof], ['refused', null], entry?.because);
    assert.match(entry?.because ?? '', /uses the host network.*isolate the node instead$/);
    assert.deepEqual((await kit.ports.stores.hosts.get(bare.namespaceUid))?.holders, ['i-1']);
    await reach(kit, 'i-1', 'released');
    const policies = kit.cluster.list('networking.k8s.io/v1', 'NetworkPolicy', 'shop').map((p) => p.metadata.name);
    assert.ok(!policies.includes('firebreak-quarantine'), policies.join());
    assert.equal((await reach(kit, 'i-2', 'released')).state, 'released');
  });

  it('says whose change it joins, not why the API did not answer at first', async () => {
    const kit = containmentKit();
    const { cart, other } = await neighboursIn(kit);
    await openIncident(kit, 'i-1', [cart], 'quarantine');
    await deliver(kit, 'i-1');
    await reach(kit, 'i-1', 'closed');
    await openIncident(kit, 'i-2', [other], 'quarantine');
    kit.cluster.faults.add({ verb: 'get', kind: 'Node', times: 3, fault: '503' });
    const entry = (await deliver(kit, 'i-2')).journal.find((e) => e.step === 'cordon-node');
    assert.deepEqual(
      [entry?.state, entry?.because],
      ['applied', 'already done for incident i-1; both incidents now hold it'],
    );
  });

  it('leaves the node free for others if its other holder could not be read', async () => {
    const { kit, host } = await cutNode();
    await reach(kit, 'i-1', 'closed');
    const { incidents } = kit.ports.stores;
    let reads = 0;
    // The budget, which is held back where it cannot be read, asks first.
    const get: typeof incidents.get = (id) => {
      reads += id === 'i-1' ? 1 : 0;
      return id === 'i-1' && reads > 1 ? Promise.reject(new Transient('the store is away')) : incidents.get(id);
    };
    const ports: RunPorts = { ...kit.ports, stores: { ...kit.ports.stores, incidents: { ...incidents, get } } };
    await assert.rejects(kit.clock.drive(run(ports, 'i-2')), /the store is away/);
    assert.equal((await kit.ports.stores.hosts.get(host.id))?.lease, undefined);
    assert.equal((await deliver(kit, 'i-2')).state, 'contained');
  });
});
