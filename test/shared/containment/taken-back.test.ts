import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';
import { STRANGER } from '../../kit/step.ts';

const MARK = 'firebreak.dev/quarantine-pod';
const FROZEN = { options: { freeze: true } };

/** A quarantined pod with its workload stopped, released, and contained again before anything was taken back. */
const containedAgain = async (after: 'release' | 'close' = 'release') => {
  const kit = containmentKit();
  const cart = podNamed(kit, 'shop', 'cart');
  const subject = await subjectOf(kit, cart);
  const { labels } = cart.metadata;
  await openIncident(kit, 'i-1', [subject], 'quarantine', FROZEN);
  await deliver(kit, 'i-1');
  await setGoal(kit, 'i-1', 'released');
  // What was opened after a release and closed at once leaves the next episode without a cooldown.
  const since = after === 'release' ? { cooldownUntil: timeOf(kit.clock.now()) } : { episode: 3 };
  const next = await openIncident(kit, 'i-2', [subject], 'quarantine', FROZEN);
  await kit.ports.stores.incidents.put('i-2', { ...next, ...since }, next.rev);
  return { kit, labels, name: cart.metadata.name };
};

const labelsOf = ({ cluster }: Kit, name: string) =>
  cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name })?.metadata.labels;
const replicasOf = ({ cluster }: Kit) =>
  cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' })?.spec?.replicas;

describe('containment/taken-back', () => {
  it('waits for a release under way, so that the next release restores the state before both incidents', async () => {
    const { kit, labels, name } = await containedAgain();
    await kit.clock.drive(
      Promise.all([run(kit.ports, 'i-2'), kit.clock.sleep(1_000).then(() => run(kit.ports, 'i-1'))]),
    );
    await deliver(kit, 'i-1');
    const second = await deliver(kit, 'i-2');
    assert.equal(second.state, 'contained');
    assert.deepEqual([labelsOf(kit, name), replicasOf(kit)], [{ quarantine: 'true' }, 0]);
    assert.equal((await reach(kit, 'i-2', 'released')).state, 'released');
    assert.deepEqual(labelsOf(kit, name), labels);
    assert.notEqual(replicasOf(kit), 0);
  });

  it('waits for it also if an episode was opened and closed in between', async () => {
    const { kit, labels, name } = await containedAgain('close');
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const { journal } = await incidentOf(kit, 'i-2');
    const quarantine = journal.find(({ step }) => step === 'quarantine-pod');
    assert.match(quarantine?.because ?? '', /^incident i-1 takes back what it did here; tried again/);
    await deliver(kit, 'i-1');
    await deliver(kit, 'i-2');
    await reach(kit, 'i-2', 'released');
    assert.deepEqual(labelsOf(kit, name), labels);
  });

  it('waits for it also where the release has yet to take over what a closed episode left', async () => {
    const { kit, labels, name } = await containedAgain('close');
    // The first episode is being closed, the second was to take it over and is released, and the third begins at once.
    await setGoal(kit, 'i-1', 'closed');
    const second = await incidentOf(kit, 'i-2');
    await kit.ports.stores.incidents.put('i-2', { ...second, takesOver: 'i-1' }, second.rev);
    await setGoal(kit, 'i-2', 'released');
    // Somebody takes the label off: what is left of the labels must not become what the third incident restores.
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name };
    kit.cluster.edit(pod, ({ metadata }) => void delete metadata.labels?.quarantine, STRANGER);
    const third = await openIncident(kit, 'i-3', second.subjects, 'quarantine', FROZEN);
    await kit.ports.stores.incidents.put('i-3', { ...third, episode: 4 }, third.rev);
    await kit.clock.drive(run(kit.ports, 'i-3'));
    for (const id of ['i-1', 'i-2', 'i-3']) await deliver(kit, id);
    assert.deepEqual([labelsOf(kit, name), replicasOf(kit)], [{ quarantine: 'true' }, 0]);
    await reach(kit, 'i-3', 'released');
    assert.deepEqual(labelsOf(kit, name), labels);
    assert.notEqual(replicasOf(kit), 0);
  });

  it('waits only for what that release has yet to undo', async () => {
    const { kit } = await containedAgain();
    const first = await incidentOf(kit, 'i-1');
    const journal = first.journal.map((e) => (e.step === 'freeze-workload' ? { ...e, state: 'undone' as const } : e));
    await kit.ports.stores.incidents.put('i-1', { ...first, journal }, first.rev);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(
      deployment,
      (draft) => {
        draft.metadata.annotations = {};
        draft.spec = { ...draft.spec, replicas: 2 };
      },
      STRANGER,
    );
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const second = await incidentOf(kit, 'i-2');
    assert.deepEqual(
      ['quarantine-pod', 'freeze-workload'].map((step) => second.journal.find((e) => e.step === step)?.state),
      ['pending', 'applied'],
    );
    assert.equal(replicasOf(kit), 0);
  });

  it('does not wait for an open incident that holds the same pod: nobody takes anything back there', async () => {
    const { kit, name } = await containedAgain('close');
    await setGoal(kit, 'i-1', 'isolate', FROZEN);
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const { journal } = await incidentOf(kit, 'i-2');
    assert.ok(journal.every(({ because }) => because?.includes('takes back') !== true));
    assert.deepEqual([labelsOf(kit, name), replicasOf(kit)], [{ quarantine: 'true' }, 0]);
  });

  it('waits no longer than a release retries a denial, since that release may never end', async () => {
    const { kit, name } = await containedAgain();
    const second = await deliver(kit, 'i-2');
    assert.equal(second.state, 'contained');
    assert.equal(
      kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name })?.metadata.annotations?.[MARK],
      'i-2',
    );
  });

  it('skips the waiting step if its own incident is released', async () => {
    const { kit, labels, name } = await containedAgain();
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const waits = (await incidentOf(kit, 'i-2')).journal.find(({ step }) => step === 'quarantine-pod');
    assert.match(waits?.because ?? '', /tried again from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    const second = await reach(kit, 'i-2', 'released');
    assert.equal(second.journal.find(({ step }) => step === 'quarantine-pod')?.state, 'skipped');
    await deliver(kit, 'i-1');
    assert.deepEqual(labelsOf(kit, name), labels);
  });
});
