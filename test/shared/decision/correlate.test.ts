import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  eventTime,
  incidentIdOf,
  joins,
  keyOfPlace,
  keyOfUid,
  windowWith,
} from '../../../shared/decision/correlate.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, incidentOn, NOW } from './fixtures.ts';

const MINUTE = 60_000;
const at = (minutes: number): string => timeOf(NOW + minutes * MINUTE);
const window = (...minutes: number[]) =>
  minutes.reduce<ReturnType<typeof windowWith> | undefined>((w, m) => windowWith(w, at(m), ACT.minutes), undefined);
const goal = (tier: Goal['tier']): Goal => ({ rev: 1, tier, by: 'x', mode: 'act', at: at(0), requested: true });
const applied: Entry = {
  step: 'cordon-node',
  subject: 'n1',
  uid: '7',
  state: 'applied',
  startedAt: at(0),
  proof: null,
  rev: 1,
};

describe('correlation', () => {
  it('names an incident by a hash of its key in 12 hex digits and its episode number', () => {
    assert.match(incidentIdOf('a', 3), /^i-[0-9a-f]{12}-3$/);
    assert.equal(incidentIdOf('a', 1), incidentIdOf('a', 1));
    assert.notEqual(incidentIdOf('a', 1), incidentIdOf('b', 1));
  });

  it('uses a UID as the key, or its hash if the UID cannot name a document', () => {
    assert.equal(keyOfUid('6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01'), '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01');
    assert.match(keyOfUid('../x'), /^uid-[0-9a-f]{32}$/);
  });

  it('gives every cluster, project and principal its own key', () => {
    const cluster = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
    const keys = [
      keyOfPlace({ project: 'p1' }),
      keyOfPlace({ project: 'p1', principal: 'ana@example.com' }),
      keyOfPlace(cluster),
      keyOfPlace({ ...cluster, principal: 'ana@example.com' }),
      keyOfPlace({ ...cluster, location: 'europe-west4' }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^(cluster|project)-[0-9a-f]{32}$/);
  });

  it('extends the window by event time, up to one day', () => {
    assert.deepEqual(window(0, 20, 10), { from: at(0), until: at(50), closesAt: at(1440) });
    assert.deepEqual(window(20, 0, 10), window(0, 10, 20));
  });

  it('ignores an event from more than 30 minutes before the window', () => {
    assert.deepEqual(window(0, -31), window(0));
    assert.equal(window(0, -30)?.from, at(-30));
  });

  it('treats an event from the future as one of now', () => {
    assert.equal(eventTime(at(10), NOW), at(0));
    assert.equal(eventTime(at(-10), NOW), at(-10));
  });

  it('joins a finding until the end of the window, and not later', () => {
    const incident = incidentOn();
    assert.deepEqual(
      [-600, 0, 30].map((m) => joins(incident, at(m))),
      [true, true, true],
    );
    assert.equal(joins(incident, timeOf(NOW + 30 * MINUTE + 1)), false);
    const long = incidentOn({ window: { from: at(0), until: at(1500), closesAt: at(1440) } });
    assert.deepEqual([joins(long, at(1440)), joins(long, at(1441))], [true, false]);
  });

  it('joins while changes are in force or under way, unless a person ended the incident', () => {
    const late = at(10_000);
    const settled = { run: { rev: 1 }, goal: goal('isolate') };
    assert.equal(joins(incidentOn({ ...settled, journal: [applied] }), late), true);
    assert.equal(joins(incidentOn({ ...settled, journal: [{ ...applied, state: 'undone' }] }), late), false);
    assert.equal(joins(incidentOn({ goal: goal('isolate') }), late), true);
    for (const tier of ['released', 'closed'] as const)
      assert.equal(joins(incidentOn({ goal: goal(tier), journal: [applied] }), at(1)), false);
  });
});
