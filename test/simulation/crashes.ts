import { strict as assert } from 'node:assert';
import { run } from '../../shared/containment/run.ts';
import type { Tier } from '../../shared/model/ids.ts';
import {
  changesOf,
  containmentKit,
  endOf,
  incidentOf,
  type Kit,
  openIncident,
  playKiller,
  podNamed,
  setGoal,
  subjectOf,
} from '../kit/containment.ts';
import { type CrashAt, crashing } from '../kit/crash.ts';
import { notGivenBack } from '../kit/step.ts';

const ID = 'i-1';
const LEASE_AND_MORE = 61_000;

const prepared = async (tier: Tier): Promise<Kit> => {
  const kit = containmentKit();
  playKiller(kit);
  await openIncident(kit, ID, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], tier);
  return kit;
};

/** Delivers the message, and delivers it again while something waits, as the bus and the tick would. */
const deliverUntilDone = async (kit: Kit): Promise<void> => {
  for (let deliveries = 0; deliveries < 40; deliveries += 1) {
    await kit.clock.drive(run(kit.ports, ID));
    const incident = await incidentOf(kit, ID);
    if (incident.goal?.rev === incident.run.rev) return;
    await kit.clock.advance(LEASE_AND_MORE);
  }
  assert.fail('the goal was not reached in 40 deliveries');
};

/** What a run that nobody kills comes to, and how many calls it makes. */
type Reference = { calls: number; end: string[]; changes: string[] };

const referenceOf = async (kit: Kit): Promise<Reference> => {
  const counted = crashing(kit.ports);
  await kit.clock.drive(run(counted.ports, ID));
  return { calls: counted.calls(), end: endOf(await incidentOf(kit, ID)), changes: changesOf(kit).sort() };
};

/** Lets a run die at a call. Asserts that the next deliveries come to the same, and returns where it died, in words. */
const crashOnce = async (kit: Kit, at: CrashAt, expected: Reference): Promise<string> => {
  const dying = crashing(kit.ports, at);
  await kit.clock.drive(run(dying.ports, ID), dying.crashed);
  const where = `${at.when} call ${at.call} (${dying.names().at(-1)})`;
  assert.equal(dying.crashed(), true, `no crash ${where}`);
  await kit.clock.advance(LEASE_AND_MORE);
  await deliverUntilDone(kit);
  assert.deepEqual(endOf(await incidentOf(kit, ID)), expected.end, where);
  assert.deepEqual(changesOf(kit).sort(), expected.changes, where);
  return where;
};

/**
 * Lets a run of contain die after each of its calls in turn, and asserts that the next deliveries reach the same end of
 * the tier, repeat no change, and that the incident can be released.
 */
export const crashAnywhere = async (tier: Tier): Promise<void> => {
  const expected = await referenceOf(await prepared(tier));
  assert.ok(expected.calls > 30, `only ${expected.calls} calls`);
  assert.deepEqual(expected.changes, [...new Set(expected.changes)], 'changed twice');
  const crashed = async (at: CrashAt): Promise<void> => {
    const kit = await prepared(tier);
    const where = await crashOnce(kit, at, expected);
    await setGoal(kit, ID, 'released');
    await deliverUntilDone(kit);
    assert.equal((await incidentOf(kit, ID)).state, 'released', where);
    if (tier === 'quarantine' || tier === 'isolate')
      assert.deepEqual(notGivenBack(kit), [], `not given back after ${where}`);
  };
  await crashed({ call: 1, when: 'before' });
  // Dying before the next call is the same as dying after this one, so one kind covers both.
  for (let call = 1; call <= expected.calls; call += 1) await crashed({ call, when: 'after' });
};

/** The same for the release of an isolated node: it ends with the same record, and repeats no change. */
export const crashInRelease = async (): Promise<void> => {
  const isolated = async (): Promise<Kit> => {
    const kit = await prepared('isolate');
    await deliverUntilDone(kit);
    await setGoal(kit, ID, 'released');
    return kit;
  };
  const expected = await referenceOf(await isolated());
  for (let call = 1; call <= expected.calls; call += 1)
    await crashOnce(await isolated(), { call, when: 'after' }, expected);
};
