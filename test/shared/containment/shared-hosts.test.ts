import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_POLICY } from '../../../shared/containment/marks.ts';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { run } from '../../../shared/containment/run.ts';
import { putIncident } from '../../../shared/incidents.ts';
import { msOf, timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
} from '../../kit/containment.ts';
import { deliver, reach, TICK_MS } from '../../kit/deliveries.ts';
import { neighbours } from '../../kit/neighbours.ts';
import { addNetworkPolicy } from '../../kit/step.ts';

describe('a node that a closed incident still holds', () => {
  it("is taken over by the next episode only after another incident's release is complete", async () => {
    const { kit, cart, openSecond, holders, tags } = await neighbours('isolate');
    const second = await openSecond();
    for (const id of ['i-2', 'i-1']) await deliver(kit, id);
    await reach(kit, 'i-2', 'closed');
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.AddAccessConfig' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 3 });
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const next = await openIncident(kit, 'i-3', second.subjects, 'isolate');
    await putIncident(kit.ports, { ...next, takesOver: 'i-2' }, next.rev);
    await kit.clock.drive(run(kit.ports, 'i-3')).catch(() => undefined);
    assert.equal((await deliver(kit, 'i-1')).state, 'released');
    assert.equal((await deliver(kit, 'i-3')).state, 'contained');
    assert.deepEqual(await holders(), ['i-3']);
    assert.equal((await kit.ports.stores.hosts.get(cart.host?.id ?? ''))?.undoing, undefined);
    assert.ok(tags()?.includes(QUARANTINE_TAG));
  });

  it('does not delay containment elsewhere until that release is complete', async () => {
    const { kit, cart, openSecond, holders } = await neighbours('isolate');
    const second = await openSecond();
    await setGoal(kit, 'i-2', 'quarantine');
    for (const id of ['i-2', 'i-1']) await deliver(kit, id);
    await reach(kit, 'i-2', 'closed');
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.AddAccessConfig' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 3 });
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal((await kit.ports.stores.hosts.get(cart.host?.id ?? ''))?.undoing, 'i-1');
    const attacked = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
    const next = await openIncident(kit, 'i-3', [...second.subjects, attacked], 'quarantine');
    await putIncident(kit.ports, { ...next, takesOver: 'i-2' }, next.rev);
    await kit.clock.drive(run(kit.ports, 'i-3')).catch(() => undefined);
    const { journal } = await incidentOf(kit, 'i-3');
    assert.equal(journal.find((e) => e.step === 'quarantine-pod' && e.uid === attacked.uid)?.state, 'applied');
    assert.equal((await deliver(kit, 'i-1')).state, 'released');
    assert.deepEqual([(await deliver(kit, 'i-3')).state, await holders()], ['contained', ['i-3']]);
    assert.equal((await incidentOf(kit, 'i-3')).takesOver, undefined);
  });

  it("keeps the closed incident's changes, and loses another incident's changes when that one is released", async () => {
    const { kit, openSecond, holders, tags, isCordoned } = await neighbours('quarantine');
    await deliver(kit, 'i-1');
    await reach(kit, 'i-1', 'closed');
    await openSecond();
    await deliver(kit, 'i-2');
    assert.ok(tags()?.includes(QUARANTINE_TAG));
    const second = await reach(kit, 'i-2', 'released');
    assert.equal(second.state, 'released');
    assert.deepEqual([await holders(), tags()?.includes(QUARANTINE_TAG), isCordoned()], [['i-1'], false, true]);
    assert.equal(second.journal.find((e) => e.step === 'cordon-node')?.because, 'kept: held by i-1');
    assert.equal(stateOfStep(second, 'remove-external-ip'), 'undone');
  });

  it('keeps the changes that the closed incident had begun, also if a release comes before the close is carried out', async () => {
    const { kit, openSecond, holders, tags } = await neighbours('isolate');
    const slow = { kind: 'slow', ms: 300_000, method: 'Instances.SetTags', actor: CONTAIN } as const;
    kit.world.compute.state.scripts.push(slow);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    kit.world.compute.state.scripts = [];
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'deny-node-network'), 'pending');
    await openSecond();
    await kit.clock.drive(run(kit.ports, 'i-2'));
    await setGoal(kit, 'i-1', 'closed');
    await setGoal(kit, 'i-2', 'released');
    await assert.rejects(kit.clock.drive(run(kit.ports, 'i-2')), /i-1 is still being closed/);
    await deliver(kit, 'i-1');
    assert.equal((await deliver(kit, 'i-2')).state, 'released');
    await kit.clock.advance(10 * TICK_MS);
    kit.world.settle();
    assert.deepEqual([await holders(), tags()?.includes(QUARANTINE_TAG)], [['i-1'], true]);
  });

  it('is cut again for a third incident after the second was released', async () => {
    const { kit, cart, openSecond, tags } = await neighbours('quarantine');
    await deliver(kit, 'i-1');
    await reach(kit, 'i-1', 'closed');
    await openSecond();
    await deliver(kit, 'i-2');
    await reach(kit, 'i-2', 'released');
    await openIncident(kit, 'i-3', [cart], 'isolate');
    const third = await deliver(kit, 'i-3');
    assert.equal(stateOfStep(third, 'deny-node-network'), 'applied');
    assert.ok(tags()?.includes(QUARANTINE_TAG));
  });
});

describe('a network policy that a closed incident has left', () => {
  const named = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
  const everyone = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] };
  for (const [what, says, amiss] of [
    [
      'where other traffic is allowed',
      'NetworkPolicy "?all',
      (kit: Kit) => void kit.cluster.apply({ ...named, metadata: { name: 'all', namespace: 'shop' }, spec: everyone }),
    ],
    [
      'where nobody can tell what else is allowed',
      'it cannot be checked',
      (kit: Kit) => kit.cluster.faults.add({ verb: 'list', kind: 'NetworkPolicy', times: 1_000_000, fault: '503' }),
    ],
  ] as const)
    it(`stays when an incident that joined it is released, also ${what}`, async () => {
      const { kit } = await neighbours('quarantine');
      await deliver(kit, 'i-1');
      await reach(kit, 'i-1', 'closed');
      amiss(kit);
      await kit.clock.advance(60_000);
      const attacked = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
      await openIncident(kit, 'i-2', [attacked], 'quarantine');
      for (let minutes = 0; minutes < 20; minutes += 1) {
        await kit.clock.drive(run(kit.ports, 'i-2')).catch((thrown) => assert.match(String(thrown), /^Transient/));
        await kit.clock.advance(TICK_MS);
      }
      const denied = (await deliver(kit, 'i-2')).journal.find((e) => e.step === 'deny-pod-network');
      assert.deepEqual([denied?.state, denied?.proof], ['applied', 'not proven']);
      const told = `^already done for incident i-1; both incidents now hold it; .*${says}`;
      assert.match(denied?.because ?? '', new RegExp(told));
      const released = await reach(kit, 'i-2', 'released');
      assert.equal(released.journal.find((e) => e.step === 'deny-pod-network')?.because, 'kept: held by i-1');
      assert.ok(kit.cluster.get({ ...named, namespace: 'shop', name: QUARANTINE_POLICY }));
    });
});

describe('a cut that a closed incident has left', () => {
  it('stays when an incident that joined it is released, also while a rule that comes first lets traffic through', async () => {
    const { kit, openSecond, tags } = await neighbours('isolate');
    await deliver(kit, 'i-1');
    await reach(kit, 'i-1', 'closed');
    addNetworkPolicy(kit, 'BEFORE');
    await kit.clock.advance(60_000);
    await openSecond();
    const cut = (await deliver(kit, 'i-2')).journal.find((e) => e.step === 'deny-node-network');
    assert.deepEqual([cut?.state, cut?.proof], ['applied', 'not proven']);
    assert.match(cut?.because ?? '', /^already done for incident i-1; both incidents now hold it; .* before ours/);
    const released = await reach(kit, 'i-2', 'released');
    assert.equal(released.journal.find((e) => e.step === 'deny-node-network')?.because, 'kept: held by i-1');
    assert.equal(tags()?.includes(QUARANTINE_TAG), true);
  });
});

describe('a cut that somebody took back by hand', () => {
  const untagged = async (ended?: 'closed', aheadMs = 0) => {
    const { kit, cart, openSecond, tags } = await neighbours('isolate');
    await deliver(kit, 'i-1');
    if (ended !== undefined) await setGoal(kit, 'i-1', ended);
    const { goal, ...first } = await deliver(kit, 'i-1');
    assert.ok(goal);
    const at = timeOf(msOf(goal.at) + aheadMs);
    await kit.ports.stores.incidents.put('i-1', { ...first, goal: { ...goal, at } }, first.rev);
    const { compute } = kit.world;
    const url = [...compute.state.instances].find(([, { id }]) => id === cart.host?.id)?.[0] ?? '';
    compute.stranger.setTags(url, ['gke-c1-node']);
    await openSecond();
    const cut = (await deliver(kit, 'i-2')).journal.find((e) => e.step === 'deny-node-network');
    return { kit, cut, isCut: tags()?.includes(QUARANTINE_TAG), tags };
  };

  it('is left as it is while its incident is open, but not told as proven to another incident', async () => {
    const { cut, isCut } = await untagged();
    assert.deepEqual([cut?.state, cut?.proof, isCut], ['applied', 'not proven', false]);
    assert.match(cut?.because ?? '', /^already done for incident i-1; .*the tag .* was removed again$/);
  });

  it('is made again for another incident if its own was closed', async () => {
    const { cut, isCut } = await untagged('closed');
    assert.deepEqual([cut?.state, cut?.proof, isCut], ['applied', 'proven', true]);
  });

  it('goes with the release of the incident that made it again, and what the closed one still has stays', async () => {
    const { kit, tags } = await untagged('closed');
    const released = await reach(kit, 'i-2', 'released');
    assert.equal(stateOfStep(released, 'deny-node-network'), 'undone');
    assert.equal(tags()?.includes(QUARANTINE_TAG), false);
    assert.ok(kit.cluster.list('v1', 'Node').some((node) => node.spec?.unschedulable === true));
  });
});

describe('a cut under way on a shared node when its incident is released', () => {
  it('is journalled as applied but not proven, and undone with the last release', async () => {
    const { kit, openSecond, tags } = await neighbours('isolate');
    await openSecond();
    await reach(kit, 'i-2', 'quarantine');
    kit.world.compute.state.scripts.push({ kind: 'slow', ms: 20_000, method: 'Instances.SetTags', actor: CONTAIN });
    const isSent = async (): Promise<boolean> =>
      (await incidentOf(kit, 'i-1')).journal.some((e) => e.operation?.includes('"tag"') === true);
    const released = async (): Promise<void> => {
      while (!(await isSent())) await kit.clock.sleep(500);
      await setGoal(kit, 'i-1', 'released');
    };
    await kit.clock.drive(Promise.all([run(kit.ports, 'i-1'), released()]));
    const first = await deliver(kit, 'i-1');
    const cut = first.journal.find((e) => e.step === 'deny-node-network');
    assert.deepEqual([cut?.state, cut?.proof], ['applied', 'not proven']);
    assert.match(cut?.because ?? '', /^was under way; kept: held by i-2$/);
    await reach(kit, 'i-2', 'released');
    await kit.clock.advance(120_000);
    kit.world.settle();
    assert.equal(tags()?.includes(QUARANTINE_TAG), false);
  });
});

describe('a step on a shared node that was denied for 15 minutes', () => {
  it('is tried again under a new goal and by another incident, and counts as failed until then', async () => {
    const { kit, openSecond, tags } = await neighbours('isolate');
    const { scripts } = kit.world.compute.state;
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.SetTags' } as const;
    scripts.push({ ...refuse, actor: CONTAIN, times: 1000 });
    assert.equal(stateOfStep(await deliver(kit, 'i-1', 100), 'deny-node-network'), 'failed');
    await openSecond();
    const second = await deliver(kit, 'i-2', 100);
    const failed = second.journal.find((e) => e.step === 'deny-node-network');
    assert.equal(failed?.state, 'failed');
    assert.match(failed?.because ?? '', /^denied for 15 minutes/);
    kit.world.compute.state.scripts = [];
    await kit.clock.advance(TICK_MS);
    assert.equal(stateOfStep(await reach(kit, 'i-1', 'isolate'), 'deny-node-network'), 'applied');
    assert.ok(tags()?.includes(QUARANTINE_TAG));
    assert.equal(stateOfStep(await reach(kit, 'i-2', 'isolate'), 'deny-node-network'), 'applied');
  });
});

describe('a change of a closed incident that another one joins', () => {
  it('stays when that one is released, also where the look at it was denied for a while', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-1', [subject], 'quarantine');
    await deliver(kit, 'i-1');
    await reach(kit, 'i-1', 'closed');
    await kit.clock.advance(60_000);
    kit.cluster.faults.add({ verb: 'get', kind: 'Node', times: 20, fault: '403' });
    await openIncident(kit, 'i-2', [subject], 'quarantine');
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const cordonOf = async () => (await incidentOf(kit, 'i-2')).journal.find((e) => e.step === 'cordon-node');
    assert.match((await cordonOf())?.because ?? '', /^denied/);
    kit.cluster.faults.clear();
    await deliver(kit, 'i-2');
    assert.deepEqual([(await cordonOf())?.state, (await cordonOf())?.proof], ['applied', 'proven']);
    await reach(kit, 'i-2', 'released');
    const node = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
    assert.equal(kit.cluster.get(node)?.spec?.unschedulable, true);
  });
});

describe('a change of an incident that was released while another one was about to join it', () => {
  for (const isThere of [true, false])
    it(`is told as ${isThere ? '' : 'not '}proven where it is ${isThere ? 'still' : 'no longer'} there`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const node = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
      await openIncident(kit, 'i-1', [subject], 'quarantine');
      await deliver(kit, 'i-1');
      // The second incident holds the node, as with its first step, when the first one is released.
      await openIncident(kit, 'i-2', [subject], 'quarantine');
      const { hosts } = kit.ports.stores;
      const host = (await hosts.get(subject.host?.id ?? '')) ?? assert.fail();
      await hosts.put(host.id, { ...host, holders: ['i-1', 'i-2'] }, host.rev);
      if (!isThere) kit.cluster.edit(node, ({ spec }) => Object.assign(spec ?? {}, { unschedulable: false }));
      await reach(kit, 'i-1', 'released');
      const { journal } = await deliver(kit, 'i-2');
      const { state, proof, because } = journal.find((e) => e.step === 'cordon-node') ?? {};
      assert.deepEqual(
        [state, proof, because],
        isThere ? ['applied', 'proven', undefined] : ['applied', 'not proven', 'the node is schedulable again'],
      );
      assert.equal(kit.cluster.get(node)?.spec?.unschedulable, isThere);
    });
});
