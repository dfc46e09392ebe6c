import { strict as assert } from 'node:assert';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Host } from '../../../shared/model/host.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { once } from '../../../shared/once.ts';
import { containmentKit, incidentOf, type Kit, neighboursIn, openIncident, setGoal } from '../../kit/containment.ts';

/** Ports that note every document of a host that is stored. */
const noted = ({ ports }: Kit): { ports: Kit['ports']; stored: Host[] } => {
  const { hosts } = ports.stores;
  const stored: Host[] = [];
  const put: typeof hosts.put = async (id, doc, expected) => {
    const written = await hosts.put(id, doc, expected);
    stored.push(written);
    return written;
  };
  return { stored, ports: { ...ports, stores: { ...ports.stores, hosts: { ...hosts, put } } } };
};

const shown = ({ holders, lease, journal }: Host): unknown[] => [
  holders,
  lease !== undefined,
  journal.map(({ step, state, before }) => `${step} ${state}${before === undefined ? '' : ' with its image'}`),
];

/** Ports that wait for something after each read of the document of a host. */
const readingHosts = (ports: Kit['ports'], after: (id: string) => Promise<unknown>): Kit['ports'] => {
  const { hosts } = ports.stores;
  const get: typeof hosts.get = async (id) => {
    const found = await hosts.get(id);
    await after(id);
    return found;
  };
  return { ...ports, stores: { ...ports.stores, hosts: { ...hosts, get } } };
};

const opened = async () => {
  const kit = containmentKit();
  const { cart, host } = await neighboursIn(kit);
  await openIncident(kit, 'i-1', [cart], 'quarantine');
  return { kit, cart, host };
};

describe('containment/settle: a step on a shared host', () => {
  it('joins the host, leases it and stores the before-image in one write, and the result in another', async () => {
    const { kit, cart } = await opened();
    const { ports, stored } = noted(kit);
    await kit.clock.drive(run(ports, 'i-1'));
    const written = stored.filter(({ id }) => id === cart.namespaceUid);
    assert.deepEqual(written.map(shown), [
      [['i-1'], true, ['deny-pod-network applying with its image']],
      [['i-1'], false, ['deny-pod-network applied with its image']],
    ]);
  });

  it('says in words until when it waits for the run of another incident', async () => {
    const { kit, host } = await opened();
    const blank = { v: 1 as const, rev: 0, writer: '', id: host.id, instance: host.id, node: host.node, journal: [] };
    const lease = { owner: 'i-9', token: 'another', until: timeOf(kit.clock.now() + 30 * 60_000) };
    await kit.ports.stores.hosts.put(host.id, { ...blank, holders: ['i-9'], lease }, null);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const waits = (await incidentOf(kit, 'i-1')).journal.find(({ step }) => step === 'cordon-node');
    assert.match(waits?.because ?? '', /works on gke-[\w-]+; tried again from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  });

  it('reads the before-image again, under the lease, if others have written the host meanwhile', async () => {
    const { kit, cart } = await opened();
    const { ports, stored } = noted(kit);
    const { hosts } = kit.ports.stores;
    const id = cart.namespaceUid;
    const blank = { v: 1 as const, rev: 0, writer: '', id, instance: id, node: cart.namespace, journal: [] };
    const joins = once(() => hosts.put(id, { ...blank, holders: ['i-9'] }, null));
    await kit.clock.drive(
      run(
        readingHosts(ports, async (read) => (read === id ? joins() : undefined)),
        'i-1',
      ),
    );
    const written = stored.filter((host) => host.id === id).slice(0, 2);
    assert.deepEqual(written.map(shown), [
      [['i-9', 'i-1'], true, []],
      [['i-9', 'i-1'], true, ['deny-pod-network applying with its image']],
    ]);
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
  });

  it('is not joined by a run that has lost its incident before it has read the before-image', async () => {
    const { kit, cart } = await opened();
    const { stores } = kit.ports;
    let isCutOff = false;
    const put: typeof stores.incidents.put = async (...given) => {
      if (isCutOff) throw new Transient('the store is not reached');
      return stores.incidents.put(...given);
    };
    const loses = once(async () => {
      isCutOff = true;
      await setGoal(kit, 'i-1', 'released');
      for (const _ of [1, 2, 3]) {
        await kit.clock.sleep(70_000);
        await run({ ...kit.ports, owner: 'contain-2' }, 'i-1');
      }
      isCutOff = false;
    });
    const held = { ...kit.ports, stores: { ...stores, incidents: { ...stores.incidents, put } } };
    await kit.clock.drive(
      run(
        readingHosts(held, async (id) => (id === cart.namespaceUid ? loses() : undefined)),
        'i-1',
      ),
    );
    assert.equal((await incidentOf(kit, 'i-1')).state, 'released');
    assert.deepEqual((await stores.hosts.get(cart.namespaceUid))?.holders ?? [], []);
  });
});
