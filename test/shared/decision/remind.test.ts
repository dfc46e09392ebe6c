import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { standing } from '../../../shared/decision/state.ts';
import { putIncident } from '../../../shared/incidents.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, noticesOf, podNamed, targetOf } from '../../kit/decision.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

/** Plays contain: it carries out the goal, and writes the incident for the last time. */
const carriedOut = async (kit: Kit, id: string, journal: Entry[]): Promise<void> => {
  await kit.carryOut(id, journal);
  const doc = await incidentOf(kit, id);
  await putIncident(kit.ports, doc, doc.rev);
};

/** An incident whose pod is quarantined. */
const quarantined = async (): Promise<{ kit: Kit; id: string }> => {
  const kit = decisionKit();
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
  const { id } = await kit.incident();
  await carriedOut(kit, id, [{ ...appliedEntry(kit), endedAt: timeOf(kit.clock.now()) }]);
  return { kit, id };
};
const reminders = (kit: Kit): Notice[] => noticesOf(kit).filter(({ kind }) => kind === 'reminder');
const incidentOf = async (kit: Kit, id: string): Promise<Incident> =>
  (await kit.ports.stores.incidents.get(id)) ?? assert.fail();

describe('the reminder of what is still in force', () => {
  it('is sent once a day with the command that undoes it, however many ticks run', async () => {
    const { kit, id } = await quarantined();
    await kit.clock.advance(DAY - HOUR);
    await kit.tick();
    assert.deepEqual(reminders(kit), []);
    await kit.clock.advance(HOUR);
    await kit.tick();
    await kit.tick();
    const [told, ...more] = reminders(kit);
    assert.deepEqual(more, []);
    assert.match(told?.title ?? '', /^Still in force since 2026-03-02 03:00:00 UTC: /);
    assert.deepEqual(told?.lines, [
      'quarantine-pod shop/cart: since 2026-03-02 03:00:00 UTC',
      `To take it back: firebreak release ${id} --project p1 --reason "..."`,
    ]);
    await kit.clock.advance(DAY);
    await kit.tick();
    assert.equal(reminders(kit).length, 2);
  });

  it('is also sent after a close, which leaves the changes in the world', async () => {
    const { kit, id } = await quarantined();
    await kit.ask({ action: 'close', incident: id, ...ANA });
    await carriedOut(kit, id, (await incidentOf(kit, id)).journal);
    await kit.clock.advance(DAY + HOUR);
    await kit.tick();
    const last = reminders(kit)[0]?.lines.at(-1) ?? '';
    assert.match(last, /closed: undo these changes by hand/);
    assert.ok(last.endsWith(`The commands: firebreak report ${id} --format md --project p1`), last);
  });

  it('is not sent after a release', async () => {
    const { kit, id } = await quarantined();
    await kit.ask({ action: 'release', incident: id, ...ANA });
    const { journal } = await incidentOf(kit, id);
    await carriedOut(
      kit,
      id,
      journal.map((e) => ({ ...e, state: 'undone' as const })),
    );
    await kit.clock.advance(3 * DAY);
    await kit.tick();
    assert.deepEqual(reminders(kit), []);
  });

  /** An applied and (unless `proof` says otherwise) proven entry for one subject. */
  const done = (kit: Kit, step: Entry['step'], uid: string, proof: Entry['proof'] = 'proven'): Entry => ({
    ...appliedEntry(kit),
    step,
    uid,
    proof,
    endedAt: timeOf(kit.clock.now()),
  });
  const remindedOf = async (journal: (kit: Kit, pod: string) => Entry[], over: { close?: boolean } = {}) => {
    const { kit, id } = await quarantined();
    const pod = (await incidentOf(kit, id)).subjects[0]?.uid ?? assert.fail();
    await carriedOut(kit, id, journal(kit, pod));
    if (over.close === true) await kit.ask({ action: 'close', incident: id, ...ANA });
    await carriedOut(kit, id, journal(kit, pod));
    await kit.clock.advance(DAY + HOUR);
    await kit.tick();
    return reminders(kit);
  };

  for (const close of [false, true])
    it(`excludes what cannot be undone${close ? ', after a close' : ''}`, async () => {
      const told = await remindedOf((kit) => [done(kit, 'delete-host', 'vm'), done(kit, 'drain-node', 'vm')], {
        close,
      });
      assert.deepEqual(told, []);
    });

  it('excludes changes to a node, a pod or a workload that is gone', async () => {
    const told = await remindedOf((kit, pod) => [
      done(kit, 'cordon-node', 'vm'),
      done(kit, 'delete-host', 'vm'),
      done(kit, 'quarantine-pod', pod),
      done(kit, 'delete-pod', pod),
    ]);
    assert.deepEqual(told, []);
    const owned = decisionKit();
    await owned.decide(findingOn(owned, targetOf(podNamed(owned, 'shop', 'cart-'))));
    const incident = await owned.incident();
    const [subject] = incident.subjects;
    assert.ok(subject?.kind === 'pod');
    const workload = subject.owners.at(-1)?.uid ?? assert.fail();
    const journal = [
      done(owned, 'quarantine-pod', subject.uid),
      done(owned, 'freeze-workload', workload),
      done(owned, 'delete-workload', workload),
    ];
    assert.deepEqual(standing({ ...incident, journal }), []);
  });

  it('includes a change to what may still be there, and says that only some can be undone', async () => {
    const unproven = await remindedOf((kit) => [
      done(kit, 'deny-node-network', 'vm'),
      done(kit, 'delete-host', 'vm', 'not proven'),
    ]);
    assert.deepEqual(
      unproven[0]?.lines.map((line) => line.split(':')[0]),
      ['deny-node-network shop/cart', 'To take back what can be'],
    );
  });
});
