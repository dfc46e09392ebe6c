import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { putIncident } from '../../../shared/incidents.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

/** Contain has carried out the goal, and written its last word. */
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
const reminders = (kit: Kit): Notice[] =>
  kit.published.flatMap(({ topic, body }) =>
    topic === 'notices' && Object(body).kind === 'reminder' ? [Object(body) as Notice] : [],
  );
const incidentOf = async (kit: Kit, id: string): Promise<Incident> =>
  (await kit.ports.stores.incidents.get(id)) ?? assert.fail();

describe('what is still isolated', () => {
  it('is told of once a day, with how to take it back, by however many ticks', async () => {
    const { kit, id } = await quarantined();
    await kit.clock.advance(DAY - HOUR);
    await kit.tick();
    assert.deepEqual(reminders(kit), []);
    await kit.clock.advance(HOUR);
    await kit.tick();
    await kit.tick();
    const [told, ...more] = reminders(kit);
    assert.deepEqual(more, []);
    assert.match(told?.title ?? '', /^Still in force since 2026-03-02T03:00:00/);
    assert.deepEqual(told?.lines, [
      'quarantine-pod shop/cart: since 2026-03-02T03:00:00.000Z',
      `To take it back: firebreak release ${id} --reason "..."`,
    ]);
    await kit.clock.advance(DAY);
    await kit.tick();
    assert.equal(reminders(kit).length, 2);
  });

  it('is told of after a close as well, which leaves it in the world', async () => {
    const { kit, id } = await quarantined();
    await kit.ask({ action: 'close', incident: id, ...ANA });
    await carriedOut(kit, id, (await incidentOf(kit, id)).journal);
    await kit.clock.advance(DAY + HOUR);
    await kit.tick();
    assert.match(reminders(kit)[0]?.lines.at(-1) ?? '', /closed: what it left is to be undone by hand/);
  });

  it('is not told of after a release', async () => {
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
});
