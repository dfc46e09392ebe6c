import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { type Cap, run } from '../../../shared/containment/run.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';
import { deliver, dieAt, TICK_MS } from '../../kit/deliveries.ts';

const opened = async (tier: 'quarantine' | 'isolate') => {
  const kit = containmentKit();
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [pod], tier);
  return { kit, pod };
};

describe('a policy that allows less than when a plan was made', () => {
  it('ends what the plan had not begun, and says what was carried out', async () => {
    const { kit } = await opened('isolate');
    const at = timeOf(kit.clock.now());
    const halt = { v: 1 as const, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' };
    const given = await kit.ports.stores.halts.put('halt', halt, null);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const { plan } = await incidentOf(kit, 'i-1');
    assert.ok(plan.some(({ step }) => step === 'leave-group'));
    assert.deepEqual(changesOf(kit), []);
    kit.cap.now = { tier: 'snapshot', mode: 'act', because: ['namespace shop is protected: snapshot at most'] };
    await kit.ports.stores.halts.put('halt', { ...given, halted: false }, given.rev);
    const incident = await deliver(kit);
    const done = incident.journal.filter(({ state }) => state !== 'held');
    assert.deepEqual(
      done.map(({ step, state }) => `${step} ${state}`),
      ['start-snapshots applied', 'capture-evidence applied', 'capture-evidence applied'],
    );
    // Its before-image was kept before the halt was seen, so it may have been sent.
    const [left, ...more] = incident.journal.filter(({ state }) => state === 'held');
    assert.deepEqual([left?.step, more], ['keep-disks', []]);
    assert.match(left?.because ?? '', /^what was begun is left as it is: namespace shop is protected/);
    assert.ok(changesOf(kit).every((change) => change.startsWith('insert snapshots')));
    const notice = incident.outbox.at(-1);
    assert.equal(notice?.title, 'snapshot: 1 of 4 steps wait for a person; isolate is not allowed');
    assert.ok(notice?.lines.includes('namespace shop is protected: snapshot at most'));
  });

  it('is seen before the next send', async () => {
    const { kit } = await opened('isolate');
    const less: Cap = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
    const isQuarantined = (): boolean => changesOf(kit).some((change) => /^patch Pod /.test(change));
    const capOf = (): Cap => (isQuarantined() ? less : kit.cap.now);
    const incident = await deliver({ ...kit, ports: { ...kit.ports, capOf } });
    assert.ok(incident.journal.some((e) => e.step === 'quarantine-pod' && e.state === 'applied'));
    const above = ['leave-group', 'drain-node', 'deny-node-network', 'remove-external-ip'];
    assert.ok(incident.journal.every(({ step, state }) => !above.includes(step) || state === 'held'));
    assert.ok(changesOf(kit).every((change) => !/abandon|setTags|AccessConfig/.test(change)));
    assert.match(incident.outbox.at(-1)?.title ?? '', /; isolate is not allowed$/);
  });
});

describe('a policy that becomes a dry run while a change is under way', () => {
  it('leaves what was begun as it is, with what a release takes it back by', async () => {
    const twin = await opened('quarantine');
    const counted = crashing(twin.kit.ports);
    await twin.kit.clock.drive(run(counted.ports, 'i-1'));
    const patches = counted.names().flatMap((name, n) => (name.endsWith('.patch') ? [n + 1] : []));
    assert.equal(patches.length, 2);
    for (const call of patches) {
      const { kit, pod } = await opened('quarantine');
      await dieAt(kit, call);
      await kit.clock.advance(TICK_MS);
      kit.world.settle();
      kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: ['the policy is a dry run as a whole'] };
      const before = changesOf(kit);
      const dry = await deliver(kit);
      assert.deepEqual(changesOf(kit), before);
      const isBegun = (e: (typeof dry.journal)[number]): boolean => e.before !== undefined || e.host !== undefined;
      assert.ok(dry.journal.every((e) => e.state !== 'dry-run' || !isBegun(e)));
      await setGoal(kit, 'i-1', 'released');
      kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
      assert.equal((await deliver(kit)).state, 'released');
      const live = kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.name });
      assert.equal(live?.metadata.labels?.quarantine, undefined);
      assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
    }
  });
});
