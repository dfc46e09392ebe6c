import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { callOf, deliver, dieAt } from '../../kit/deliveries.ts';

const LEASE_AND_MORE = 61_000;
/** Longer than the lease of the run that died: whoever takes over finds the operation still running. */
const SLOW_MS = 65_000;

const opened = async () => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [subject], 'isolate');
  kit.world.compute.state.scripts.push({ kind: 'slow', ms: SLOW_MS, method: 'Instances.SetTags', actor: CONTAIN });
  return { kit, subject };
};

describe('a change that is taken back while it is on its way', () => {
  it('is waited for, also where nobody knows its operation: no VM stays cut that nobody holds', async () => {
    const call = await callOf((await opened()).kit, '.setTags');
    const { kit, subject } = await opened();
    const vm = () => [...kit.world.compute.state.instances.values()].find(({ id }) => id === subject.host?.id);
    await dieAt(kit, call);
    assert.equal(vm()?.tags.items?.includes(QUARANTINE_TAG), false, 'the operation was done already');
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.advance(LEASE_AND_MORE);
    const incident = await deliver(kit);
    assert.equal(incident.state, 'released');
    await kit.clock.advance(SLOW_MS);
    kit.world.settle();
    assert.equal(vm()?.tags.items?.includes(QUARANTINE_TAG), false);
    assert.ok((await incidentOf(kit, 'i-1')).journal.every((e) => e.wakeAt === undefined));
  });
});
