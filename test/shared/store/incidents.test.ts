import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { Malformed, Newer } from '../../../shared/errors.ts';
import { type Entry, entry } from '../../../shared/model/entry.ts';
import { type Host, host } from '../../../shared/model/host.ts';
import { type Incident, incident } from '../../../shared/model/incident.ts';
import type { DocStore, Stores } from '../../../shared/ports.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';
import type { RawStore } from '../../../shared/store/raw.ts';
import { makeMemoryEvidence } from '../../kit/memory-evidence.ts';

const FIXTURES = new URL('../../fixtures/documents/v1/', import.meta.url);
const NOW = '2026-03-01T12:00:00.000Z';
const IN_400_DAYS = '2027-04-05T12:00:00.000Z';
const clock = { now: () => Date.parse(NOW), random: () => 'w' };

const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
const applied: Entry = entry.parse({
  step: 'cordon-node',
  subject: 'n1',
  uid: '4711',
  state: 'applied',
  startedAt: NOW,
  proof: 'proven',
  rev: 1,
});

describe('openStores', () => {
  let raw: RawStore;
  let stores: Stores;
  beforeEach(() => {
    raw = makeMemoryStore({ now: clock.now });
    stores = openStores({ raw, clock });
  });

  describe('documents of version 1', () => {
    const collections: Record<string, [collection: string, (s: Stores) => DocStore<unknown>]> = {
      incident: ['incidents', (s) => s.incidents],
      head: ['heads', (s) => s.heads],
      finding: ['findings', (s) => s.findings],
      subject: ['subjects', (s) => s.subjects],
      host: ['hosts', (s) => s.hosts],
      request: ['requests', (s) => s.requests],
      halt: ['halts', (s) => s.halts],
      budget: ['budgets', (s) => s.budgets],
      dead: ['dead', (s) => s.dead],
      memory: ['marks', () => openMemoryStores({ raw, clock }).marks],
    };

    it('has a fixture for every collection', () => {
      assert.deepEqual(
        readdirSync(FIXTURES).sort(),
        Object.keys(collections)
          .sort()
          .map((name) => `${name}.json`),
      );
    });

    for (const [name, [collection, storeOf]] of Object.entries(collections)) {
      it(`reads ${name} without losing a field, and writes it back`, async () => {
        const body = fixture(name);
        await raw.put(collection, 'a', { rev: 1, body: JSON.stringify(body), updatedAt: NOW }, null);
        const read = await storeOf(stores).get('a');
        assert.deepEqual(read, body);
        await storeOf(stores).put('a', read, 1);
        const written = JSON.parse((await raw.get(collection, 'a'))?.body ?? '');
        assert.deepEqual({ ...written, rev: 0, writer: '' }, { ...Object(body), rev: 0, writer: '' });
      });

      it(`leaves ${name} of a newer version alone, and says so of one that never was`, async () => {
        const store = storeOf(stores);
        for (const [v, error, sentence] of [
          [2, Newer, /\/a has version 2, newer than the 1 that this release reads/],
          [0, Malformed, /\/a has version 0, which this release does not read/],
          ['1', Malformed, /\/a carries no version/],
        ] as const) {
          const body = JSON.stringify({ ...Object(fixture(name)), v });
          await raw.put(collection, 'a', { rev: 1, body, updatedAt: NOW }, null);
          const isSaid = (thrown: Error): boolean => thrown instanceof error && sentence.test(thrown.message);
          await assert.rejects(store.get('a'), isSaid);
          await assert.rejects(store.list({}), isSaid);
          assert.equal((await raw.get(collection, 'a'))?.body, body);
          await raw.delete(collection, 'a');
        }
      });

      it(`keeps in ${name} the fields of a newer release of the same version`, async () => {
        const body = { ...Object(fixture(name)), rev: 1, added: { later: [1, null] } };
        await raw.put(collection, 'a', { rev: 1, body: JSON.stringify(body), updatedAt: NOW }, null);
        const read = await storeOf(stores).get('a');
        await storeOf(stores).put('a', read, 1);
        assert.deepEqual(JSON.parse((await raw.get(collection, 'a'))?.body ?? '').added, body.added);
      });
    }
  });

  describe('the index fields of documents', () => {
    const indexOf = async (collection: string) => {
      const { body, rev, updatedAt, ...index } = (await raw.get(collection, 'a')) ?? assert.fail();
      return index;
    };
    const putIncident = async (more: Partial<Incident>) => {
      const { dueAt, ...rest } = incident.parse(fixture('incident'));
      await stores.incidents.put('a', { ...rest, ...more }, null);
      return indexOf('incidents');
    };
    const putHost = async (more: Partial<Host>) => {
      const { lease, ...rest } = host.parse(fixture('host'));
      await stores.hosts.put('a', { ...rest, ...more }, null);
      return indexOf('hosts');
    };
    const key = '7d1f0c52-8a1e-4f3b-9a55-0b8d1b9f6c11';

    it('of an incident are state, key and dueAt', async () => {
      assert.deepEqual(await putIncident({ dueAt: NOW }), { state: 'contained', key, dueAt: NOW });
    });

    it('let an incident expire once it is over and nothing is in force', async () => {
      assert.deepEqual(await putIncident({ state: 'released', journal: [] }), {
        state: 'released',
        key,
        expireAt: IN_400_DAYS,
      });
    });

    it('let an incident expire that was only observed', async () => {
      const index = await putIncident({ state: 'open', journal: [] });
      assert.equal('expireAt' in index, true);
    });

    for (const [what, more] of [
      ['a change is in force', { state: 'closed', journal: [applied] }],
      ['something is due', { state: 'released', journal: [], dueAt: NOW }],
      ['it asks', { state: 'asking', journal: [] }],
      ['it is carried out', { state: 'containing', journal: [] }],
    ] as const) {
      it(`do not let an incident expire while ${what}`, async () => {
        const index = await putIncident({ ...more, journal: [...more.journal] });
        assert.equal('expireAt' in index, false);
      });
    }

    it('let a host expire that nobody holds or works on, and on which nothing is in force', async () => {
      assert.deepEqual(await putHost({}), {});
      await raw.delete('hosts', 'a');
      const lease = { owner: 'contain-1', token: 't', until: NOW };
      assert.deepEqual(await putHost({ holders: [], journal: [], lease }), {});
      await raw.delete('hosts', 'a');
      assert.deepEqual(await putHost({ holders: [], journal: [] }), { expireAt: IN_400_DAYS });
      await raw.delete('hosts', 'a');
      assert.deepEqual(await putHost({ holders: [], journal: [applied] }), {});
      await raw.delete('hosts', 'a');
      assert.deepEqual(await putHost({ holders: ['inc-1'], journal: [] }), {});
    });

    it('let a dead letter expire after 400 days', async () => {
      await stores.dead.put(
        'a',
        { v: 1, rev: 0, writer: '', id: 'a', topic: 'tick', at: NOW, attributes: {}, body: 1 },
        null,
      );
      assert.deepEqual(await indexOf('dead'), { key: 'tick', expireAt: IN_400_DAYS });
    });

    it('never let heads, subjects and the halt expire', async () => {
      await stores.heads.put('a', { v: 1, rev: 0, writer: '', key: 'k', episode: 1, incident: 'inc-1' }, null);
      await stores.subjects.put('a', { v: 1, rev: 0, writer: '', incidents: [] }, null);
      await stores.halts.put('a', { v: 1, rev: 0, writer: '', halted: false, at: NOW, by: 'ana', reason: 'x' }, null);
      for (const collection of ['heads', 'subjects', 'halts']) assert.deepEqual(await indexOf(collection), {});
    });

    it('name the incident of findings and requests, and the state of requests', async () => {
      for (const name of ['finding', 'request']) {
        const body = JSON.stringify(fixture(name));
        await raw.put(`${name}s`, 'a', { rev: 1, body, updatedAt: NOW }, null);
      }
      const finding = (await stores.findings.get('a')) ?? assert.fail();
      await stores.findings.put('a', finding, 1);
      const request = (await stores.requests.get('a')) ?? assert.fail();
      await stores.requests.put('a', request, 1);
      const incidentId = 'inc-4c1d8a7e-1';
      assert.deepEqual(await indexOf('findings'), { key: incidentId, expireAt: IN_400_DAYS });
      assert.deepEqual(await indexOf('requests'), { state: 'accepted', key: incidentId, expireAt: IN_400_DAYS });
    });
  });

  for (const collection of ['incidents', 'hosts'] as const) {
    it(`moves a large before-image in ${collection} to the evidence, and reads it back from there`, async () => {
      const evidence = makeMemoryEvidence();
      const spilling = () => openStores({ raw, clock, evidence });
      const journal = [{ ...applied, before: { spec: 's'.repeat(40_000) } }];
      const { incidents, hosts } = spilling();
      if (collection === 'incidents')
        await incidents.put('a', { ...incident.parse(fixture('incident')), journal }, null);
      else await hosts.put('a', { ...host.parse(fixture('host')), journal }, null);
      assert.equal((await evidence.list('')).length, 1);
      assert.ok(((await raw.get(collection, 'a'))?.body.length ?? assert.fail()) < 40_000);
      // Another process, which has not seen the document yet.
      assert.deepEqual((await spilling()[collection].get('a'))?.journal, journal);
    });
  }

  it('reports an unreadable document with its collection, and lists the others', async () => {
    const told: string[] = [];
    const tolerant = openStores({ raw, clock, unreadable: (collection, id) => told.push(`${collection}/${id}`) });
    await raw.put('heads', 'bad', { rev: 1, body: '?', updatedAt: NOW }, null);
    await raw.put('heads', 'good', { rev: 1, body: JSON.stringify(fixture('head')), updatedAt: NOW }, null);
    assert.deepEqual((await tolerant.heads.list({})).items, [fixture('head')]);
    assert.deepEqual(told, ['heads/bad']);
  });
});
