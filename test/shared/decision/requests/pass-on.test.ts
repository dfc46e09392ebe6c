import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeMemoryStore } from '../../../../shared/adapters/store-memory.ts';
import { passOn } from '../../../../shared/decision/requests/pass-on.ts';
import { Transient } from '../../../../shared/errors.ts';
import type { Incident } from '../../../../shared/model/incident.ts';
import { timeOf } from '../../../../shared/model/time.ts';
import { openStores } from '../../../../shared/store/incidents.ts';
import { decisionKit } from '../../../kit/decision.ts';
import { virtualClock } from '../../../kit/virtual-clock.ts';
import { incidentOn, pod } from '../fixtures.ts';

/** A closed first episode on one pod, and, where `later` is given, the next one on another pod, passed on `times`. */
const passed = async (later?: Partial<Incident>, times = 1, isFailing = false, before?: Incident) => {
  const clock = virtualClock();
  const stores = openStores({ raw: makeMemoryStore(clock), clock });
  const ports = { ...decisionKit().ports, clock, stores };
  const followed = later === undefined ? {} : { followedBy: 'd-1-2' };
  const closed = await stores.incidents.put('d-1-1', incidentOn({ id: 'd-1-1', state: 'closed', ...followed }), null);
  const subjects = [pod({ uid: 'pod-2', name: 'cart-2' })];
  const next = incidentOn({ id: 'd-1-2', episode: 2, subjects, ...later });
  if (later !== undefined) await stores.incidents.put('d-1-2', next, null);
  if (before !== undefined) await stores.incidents.put(before.id, before, null);
  const incident = later === undefined ? closed.id : next.id;
  await stores.heads.put(
    closed.key,
    { v: 1, rev: 0, writer: '', key: closed.key, episode: next.episode, incident },
    null,
  );
  const put = () => Promise.reject(new Transient('the store does not answer'));
  const failing = { ...ports, stores: { ...stores, subjects: { ...stores.subjects, put } } };
  if (isFailing) await assert.rejects(passOn(failing, closed), Transient);
  else for (let n = 0; n < times; n += 1) await passOn(ports, closed);
  const found = await stores.incidents.get(next.id);
  return {
    takesOver: found?.takesOver,
    uids: found?.subjects.map(({ uid }) => uid).toSorted(),
    holders: (await stores.subjects.get('pod-1'))?.incidents,
    rev: found?.rev,
    ...(before === undefined ? {} : { between: await stores.incidents.get(before.id) }),
  };
};

describe('what a close leaves, while the next episode is open already', () => {
  it('is taken over by that episode, which then holds the pods; twice is like once', async () => {
    const once = await passed({});
    assert.deepEqual(once, { takesOver: 'd-1-1', uids: ['pod-1', 'pod-2'], holders: ['d-1-2'], rev: 2 });
    assert.deepEqual(await passed({}, 2), once);
  });

  it('is left to the one after an episode that is over: that one takes over along the chain', async () => {
    const over: Partial<Incident> = {
      goal: { rev: 1, tier: 'closed', by: 'ana', mode: 'act', at: '2026-03-02T03:00:00.000Z', requested: true },
    };
    const once = { takesOver: 'd-1-1', uids: ['pod-1', 'pod-2'], holders: ['d-1-2'], rev: 2 };
    assert.deepEqual(await passed(over), once);
    assert.deepEqual(await passed(over, 2), once);
  });

  it('is taken over behind what another episode left', async () => {
    const between = incidentOn({ id: 'd-1-0', state: 'closed', subjects: [] });
    const taken = await passed({ takesOver: 'd-1-0' }, 2, false, between);
    assert.deepEqual([taken.takesOver, taken.uids], ['d-1-0', ['pod-1', 'pod-2']]);
    assert.equal(taken.between?.takesOver, 'd-1-1');
  });

  it('is taken over only once the pods are known to be held', async () => {
    const failed = await passed({}, 1, true);
    assert.deepEqual(failed, { takesOver: undefined, uids: ['pod-2'], holders: undefined, rev: 1 });
  });

  it('waits for an episode that is being opened, since it may have been judged before the close', async () => {
    const clock = virtualClock();
    const stores = openStores({ raw: makeMemoryStore(clock), clock });
    const ports = { ...decisionKit().ports, clock, stores };
    const closed = await stores.incidents.put(
      'd-1-1',
      incidentOn({ id: 'd-1-1', state: 'closed', followedBy: 'd-1-2' }),
      null,
    );
    const next = incidentOn({ id: 'd-1-2', episode: 2, subjects: [pod({ uid: 'pod-2', name: 'cart-2' })] });
    const countedAt = timeOf(clock.now());
    const head = { v: 1 as const, rev: 0, writer: '', key: closed.key, episode: 2, incident: next.id, countedAt };
    await stores.heads.put(closed.key, head, null);
    await assert.rejects(passOn(ports, closed), Transient);
    // Whoever was to open it has given up long ago: the next one gets another number, and finds the close.
    await clock.advance(25 * 60 * 60_000);
    await passOn(ports, closed);
    await stores.incidents.put(next.id, next, null);
    await passOn(ports, closed);
    assert.equal((await stores.incidents.get(next.id))?.takesOver, closed.id);
  });

  it('waits for no episode that is only counted, as by a request that was refused', async () => {
    const clock = virtualClock();
    const stores = openStores({ raw: makeMemoryStore(clock), clock });
    const closed = await stores.incidents.put('d-1-1', incidentOn({ id: 'd-1-1', state: 'closed' }), null);
    const head = { v: 1 as const, rev: 0, writer: '', key: closed.key, episode: 2, incident: 'd-1-2' };
    await stores.heads.put(closed.key, { ...head, countedAt: timeOf(clock.now()) }, null);
    await passOn({ ...decisionKit().ports, clock, stores }, closed);
  });

  it('stays where it is if there is no later episode', async () => {
    const none = await passed();
    assert.deepEqual([none.takesOver, none.holders], [undefined, undefined]);
  });
});
