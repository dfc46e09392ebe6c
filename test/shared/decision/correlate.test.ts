import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  cooldownOf,
  eventTime,
  incidentIdOf,
  joins,
  keyOfClaim,
  keyOfPlace,
  keyOfUid,
  openIncident,
  takenOverFrom,
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
    for (const uid of ['../x', 'x/..', 'a'.repeat(101)]) assert.match(keyOfUid(uid), /^uid-[0-9a-f]{32}$/);
  });

  it('gives every place and principal its own key, which says whether a cluster is named', () => {
    const cluster = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
    const projects = [{ project: 'p1' }, { project: 'p2' }, { project: 'p1', principal: 'ana@example.com' }];
    const clusters = [
      cluster,
      { ...cluster, project: 'p2' },
      { ...cluster, cluster: 'c2' },
      { ...cluster, principal: 'ana@example.com' },
      { ...cluster, location: 'europe-west4' },
      { ...cluster, namespace: 'shop' },
      { ...cluster, pod: 'cart-1' },
      { ...cluster, workload: { kind: 'Deployment', name: 'cart' } },
      { ...cluster, workload: { kind: 'StatefulSet', name: 'cart' } },
      { ...cluster, workload: { kind: 'Deployment', name: 'till' } },
      { ...cluster, node: 'n1' },
      { ...cluster, instance: '7' },
    ];
    const keys = [...projects, ...clusters].map(keyOfPlace);
    assert.equal(new Set(keys).size, keys.length);
    keys.forEach((key, n) => {
      assert.match(key, n < projects.length ? /^project-[0-9a-f]{32}$/ : /^cluster-[0-9a-f]{32}$/);
    });
  });

  it('gives a controller that could not be read a key of all that is said of it, and never its UID', () => {
    const claim = { apiVersion: 'x.example.com/v1', kind: 'Rollout', name: 'cart', uid: 'd-1' };
    const others = [{ apiVersion: 'x.example.com/v2' }, { kind: 'Canary' }, { name: 'till' }, { uid: 'd-2' }];
    const keys = [{}, ...others].map((other) => keyOfClaim({ ...claim, ...other }));
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^claim-[0-9a-f]{32}$/);
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

  it('only asks for some time after a release, also in the episode after the next', () => {
    const released = incidentOn({ goal: { ...goal('released'), at: at(5) } });
    assert.equal(cooldownOf(released, ACT.minutes), at(5 + ACT.minutes.cooldown));
    assert.equal(cooldownOf(incidentOn({ goal: goal('closed'), cooldownUntil: at(7) }), ACT.minutes), at(7));
    assert.equal(cooldownOf(incidentOn({ goal: goal('closed') }), ACT.minutes), undefined);
    assert.equal(cooldownOf(undefined, ACT.minutes), undefined);
  });

  it('takes over what a closed episode left in force, or may still leave, and nothing else', () => {
    const done = { run: { rev: 1 }, goal: goal('closed') };
    const evidence: Entry = { ...applied, step: 'capture-evidence' };
    const undone: Entry = { ...applied, state: 'undone' };
    const took = (over: Parameters<typeof incidentOn>[0]) => takenOverFrom(incidentOn(over)).takesOver;
    assert.equal(took({ ...done, journal: [undone, applied] }), 'i-1-1');
    assert.equal(took({ goal: goal('closed') }), 'i-1-1', 'the close is still to be carried out');
    assert.equal(took({ takesOver: 'i-1-0' }), 'i-1-1', 'it never got a goal');
    assert.equal(took({ ...done, takesOver: 'i-1-0' }), 'i-1-1', 'it was left to it after its last run');
    assert.equal(took({ run: { rev: 1 }, goal: goal('released'), takesOver: 'i-1-0' }), 'i-1-1', 'the same');
    assert.deepEqual(takenOverFrom(incidentOn({ takesOver: 'i-1-0' })).subjects, incidentOn().subjects);
    for (const over of [
      { ...done, journal: [undone, evidence] },
      { run: { rev: 1 }, goal: goal('isolate'), takesOver: 'i-1-0' },
      { goal: goal('released'), takesOver: 'i-1-0' },
      { run: { rev: 1 }, goal: goal('isolate'), journal: [applied] },
      { goal: goal('released') },
      {},
    ])
      assert.equal(took(over), undefined, JSON.stringify(over));
    assert.deepEqual(takenOverFrom(undefined), { takesOver: undefined, subjects: [] });
  });

  it('opens an incident with what it was told, and nothing decided, planned or published', () => {
    const { id, key, episode, target, subjects, window: span } = incidentOn();
    const of = { id, key, episode, target, subjects, window: span };
    const bare = openIncident({ ...of, cooldownUntil: undefined }, NOW);
    assert.deepEqual(bare, {
      ...of,
      v: 1,
      rev: 0,
      writer: '',
      state: 'open',
      severity: null,
      confidence: null,
      findings: [],
      summary: { count: 0, maxima: [], principals: [] },
      decision: null,
      goal: null,
      plan: [],
      journal: [],
      run: { rev: 0 },
      openedAt: at(0),
      outbox: [],
      published: { notices: 0, goal: 0 },
    });
    const limits = { cooldownUntil: at(60), takesOver: 'i-1-0' };
    assert.deepEqual(openIncident({ ...of, ...limits }, NOW), { ...bare, ...limits });
  });
});
