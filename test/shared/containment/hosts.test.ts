import { strict as assert } from 'node:assert';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { holdHost, leaseHost, placesOf, unleased, updateHost, writeHost } from '../../../shared/containment/hosts.ts';
import { LEASE_MS } from '../../../shared/containment/ledger.ts';
import { Stopped } from '../../../shared/containment/stopped.ts';
import { Conflict, Denied, Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Host } from '../../../shared/model/host.ts';
import { msOf, timeOf } from '../../../shared/model/time.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { containmentKit, incidentOf, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

const PLACE = { id: 'vm-1', node: 'node-1' };
const AT = '2026-03-02T03:00:00.000Z';
const DONE: Entry = {
  step: 'cordon-node',
  subject: 'node-1',
  uid: 'vm-1',
  state: 'applied',
  startedAt: AT,
  proof: null,
  rev: 1,
};

const desk = async (given?: Partial<Host>) => {
  const clock = virtualClock();
  const { hosts } = openStores({ raw: makeMemoryStore(clock), clock });
  const blank: Host = {
    v: 1,
    rev: 0,
    writer: '',
    id: 'vm-1',
    instance: 'vm-1',
    node: 'node-1',
    holders: [],
    journal: [],
  };
  const lease = (token: string, ms = LEASE_MS) => ({ owner: 'i-2', token, until: timeOf(clock.now() + ms) });
  if (given !== undefined) await hosts.put('vm-1', { ...blank, ...given }, null);
  const ports = { clock, stores: { hosts } };
  return { clock, hosts, ports, lease, stored: () => hosts.get('vm-1') };
};

describe('containment/hosts: joining', () => {
  it('makes a missing document, with its holder and lease', async () => {
    const { ports, stored } = await desk();
    await holdHost(ports, PLACE, 'i-1', 't-1');
    const host = await stored();
    assert.deepEqual([host?.node, host?.holders, host?.lease?.token], ['node-1', ['i-1'], 't-1']);
  });

  it('adds the incident to the holders once, and keeps the journal', async () => {
    const { ports, stored } = await desk({ holders: ['i-2'], journal: [DONE] });
    for (const _ of [1, 2]) await holdHost(ports, PLACE, 'i-1', 't-1');
    const host = await stored();
    assert.deepEqual([host?.holders, host?.journal.length], [['i-2', 'i-1'], 1]);
  });

  it('starts with an empty journal if nobody holds the host, because earlier changes were undone', async () => {
    const { ports, stored } = await desk({ holders: [], journal: [DONE] });
    await holdHost(ports, PLACE, 'i-1', 't-1');
    assert.deepEqual((await stored())?.journal, []);
  });

  it('does not join while another run works on the host, until that lease is over', async () => {
    const { ports, clock, hosts, lease, stored } = await desk({ holders: ['i-2'] });
    await hosts.put('vm-1', { ...((await stored()) as Host), lease: lease('t-2') }, 1);
    assert.equal(await holdHost(ports, PLACE, 'i-1', 't-1'), undefined);
    assert.deepEqual((await stored())?.holders, ['i-2']);
    await clock.advance(LEASE_MS);
    assert.deepEqual((await holdHost(ports, PLACE, 'i-1', 't-1'))?.holders, ['i-2', 'i-1']);
  });

  it('does not join a host whose undo has begun, whatever its lease', async () => {
    const { ports, hosts, lease, stored } = await desk({ holders: ['i-2'], undoing: 'i-2' });
    assert.equal(await holdHost(ports, PLACE, 'i-1', 't-1'), undefined);
    await hosts.put('vm-1', { ...((await stored()) as Host), lease: lease('t-1') }, 1);
    assert.equal(await holdHost(ports, PLACE, 'i-1', 't-1'), undefined);
    assert.deepEqual((await stored())?.holders, ['i-2']);
  });
});

describe('containment/hosts: leasing without joining', () => {
  it('leases a host that somebody holds and no run works on', async () => {
    const { ports, stored } = await desk({ holders: ['i-2'] });
    const { host, isHeld } = await leaseHost(ports, PLACE, 'i-1', 't-1');
    assert.deepEqual([host?.holders, isHeld], [['i-2'], true]);
    assert.equal((await stored())?.lease?.token, 't-1');
  });

  it('writes nothing for a host that nobody holds', async () => {
    const { ports, stored } = await desk();
    assert.deepEqual(await leaseHost(ports, PLACE, 'i-1', 't-1'), { host: undefined, isHeld: false });
    assert.equal(await stored(), undefined);
  });

  it('does not lease a host that another run works on, or whose undo has begun', async () => {
    const other = { owner: 'i-2', token: 't-2', until: timeOf(Date.parse(AT) + LEASE_MS) };
    for (const given of [{ lease: other }, { undoing: 'i-2' }, { undoing: 'i-2', lease: { ...other, token: 't-1' } }]) {
      const { ports, stored } = await desk({ holders: ['i-2'], ...given });
      const before = await stored();
      assert.deepEqual(await leaseHost(ports, PLACE, 'i-1', 't-1'), { host: undefined, isHeld: true });
      assert.deepEqual(await stored(), before);
    }
  });
});

describe('containment/hosts: writing', () => {
  it('renews the lease that it writes under', async () => {
    const { ports, clock, stored } = await desk();
    await holdHost(ports, PLACE, 'i-1', 't-1');
    await clock.advance(30_000);
    await writeHost(ports, PLACE, 't-1', (h) => ({ ...h, journal: [DONE] }));
    const host = await stored();
    assert.equal(msOf(host?.lease?.until ?? AT), clock.now() + LEASE_MS);
    assert.equal(host?.journal.length, 1);
  });

  it('gives the lease up, and writes nothing without it', async () => {
    const { ports, stored } = await desk();
    await holdHost(ports, PLACE, 'i-1', 't-1');
    await writeHost(ports, PLACE, 't-1', unleased);
    assert.equal((await stored())?.lease, undefined);
    await assert.rejects(
      writeHost(ports, PLACE, 't-1', (h) => h),
      Stopped,
    );
  });

  it('writes nothing once another run has leased the host, even from an older read', async () => {
    const { ports, clock, stored } = await desk();
    const mine = await holdHost(ports, PLACE, 'i-1', 't-1');
    await clock.advance(LEASE_MS);
    await holdHost(ports, PLACE, 'i-2', 't-2');
    const before = await stored();
    const write = (h: Host): Host => ({ ...h, journal: [DONE] });
    await assert.rejects(writeHost(ports, PLACE, 't-1', write), Stopped);
    await assert.rejects(writeHost(ports, PLACE, 't-1', write, mine), Stopped);
    assert.deepEqual(await stored(), before);
  });

  it('reads the document again if others have written it since', async () => {
    const { ports, stored } = await desk({ holders: ['i-2'] });
    const known = await stored();
    const added = (holder: string) => (h: Host) => ({ ...h, holders: [...h.holders, holder] });
    await updateHost(ports, PLACE, added('i-3'));
    await updateHost(ports, PLACE, added('i-1'), { host: known });
    assert.deepEqual((await stored())?.holders, ['i-2', 'i-3', 'i-1']);
  });

  it('does not read a known document again if nobody has written it since', async () => {
    const { ports, hosts, stored } = await desk({ holders: ['i-2'] });
    const known = await stored();
    let reads = 0;
    const get: typeof hosts.get = (id) => {
      reads += 1;
      return hosts.get(id);
    };
    const wide = { ...ports, stores: { hosts: { ...hosts, get } } };
    await updateHost(wide, PLACE, (h) => ({ ...h, holders: ['i-1'] }), { host: known });
    assert.equal(reads, 0);
  });

  it('gives up after five conflicts, and at once after any other fault', async () => {
    for (const [fault, tries] of [
      [new Conflict('someone wrote first'), 5],
      [new Denied('no'), 1],
    ] as const) {
      const { ports, hosts } = await desk({ holders: ['i-2'] });
      let puts = 0;
      const put = async (): Promise<Host> => {
        puts += 1;
        throw fault;
      };
      const write = updateHost({ ...ports, stores: { hosts: { ...hosts, put } } }, PLACE, (h) => ({ ...h }));
      await assert.rejects(write, fault instanceof Conflict ? Transient : Denied);
      assert.equal(puts, tries);
    }
  });
});

describe('containment/hosts: the places of an incident', () => {
  it('are those of its subjects and of its journal, each once', async () => {
    const kit = containmentKit();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const opened = await openIncident(kit, 'i-1', [pod], 'isolate');
    const node = { id: pod.host?.id, node: pod.host?.node };
    const namespace = { id: pod.namespaceUid, node: 'shop' };
    const ids = (journal: Entry[]) => placesOf({ ...opened, journal }).map(({ id }) => id);
    assert.deepEqual(placesOf(await incidentOf(kit, 'i-1')), [node, namespace]);
    const elsewhere: Entry = { ...DONE, host: 'vm-9', subject: 'node-9' };
    assert.deepEqual(ids([elsewhere]), ['vm-9', node.id, namespace.id]);
    assert.deepEqual(ids([{ ...DONE, host: String(node.id) }]), [node.id, namespace.id]);
    assert.deepEqual(ids([DONE]), [node.id, namespace.id], 'an entry of its own is in no shared place');
  });
});
