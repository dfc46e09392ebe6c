import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
  workloadOf,
} from '../../kit/containment.ts';

const MINUTE = 60_000;
const NAME = 'CronJob shop/cleanup';

/** An incident on a workload without pods, the pods of which are awaited for two minutes. */
const awaiting = async (tier: 'quarantine' | 'delete-workload' = 'quarantine'): Promise<Kit> => {
  const kit = containmentKit();
  await openIncident(kit, 'i-1', [workloadOf(kit, 'batch/v1', 'CronJob', 'cleanup')], tier);
  await change(kit, (i) => ({ ...i, podsUntil: timeOf(kit.clock.now() + 2 * MINUTE) }));
  await kit.clock.drive(run(kit.ports, 'i-1'));
  return kit;
};

const change = async (kit: Kit, to: (incident: Incident) => Incident): Promise<void> => {
  const known = await incidentOf(kit, 'i-1');
  await kit.ports.stores.incidents.put('i-1', to(known), known.rev);
};

/** What the tick does when the time is over and no pod has come. */
const over = async (kit: Kit): Promise<Incident> => {
  await kit.clock.advance(2 * MINUTE);
  await change(kit, ({ podsUntil: _, ...i }) => i);
  await kit.clock.drive(run(kit.ports, 'i-1'));
  return incidentOf(kit, 'i-1');
};

const said = ({ outbox }: Incident): string[] => outbox.map(({ title }) => title);

describe('the steps on the pods of a named workload that has none', () => {
  it('are pending while pods are awaited, and then skipped, which is told', async () => {
    const kit = await awaiting();
    const { state, journal, dueAt, podsUntil, outbox } = await incidentOf(kit, 'i-1');
    assert.deepEqual([state, outbox.length], ['containing', 0]);
    assert.deepEqual(
      journal.map((e) => `${e.step} ${e.subject}: ${e.state}, ${e.because}`),
      ['start-snapshots', 'keep-disks', '#objects', 'cordon-node', 'deny-pod-network', 'quarantine-pod', '#logs'].map(
        (step) =>
          `${step.startsWith('#') ? `capture-evidence ${NAME}${step}` : `${step} ${NAME}`}: pending, ${NAME} has no pod yet`,
      ),
    );
    assert.equal(dueAt !== undefined && podsUntil !== undefined && dueAt <= podsUntil, true);
    const after = await over(kit);
    assert.deepEqual(
      [after.state, [...new Set(after.journal.map((e) => `${e.state} ${e.proof}`))]],
      ['open', ['skipped null']],
    );
    assert.match(after.journal[0]?.because ?? '', /^no pod of CronJob shop\/cleanup was there in time/);
    assert.deepEqual(said(after), ['quarantine: there was nothing to change']);
    assert.match(after.outbox[0]?.lines[0] ?? '', /^start-snapshots CronJob shop\/cleanup: skipped \(no pod of/);
  });

  it('make room for those of the pods that come', async () => {
    const kit = await awaiting();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
    const owners = [workloadOf(kit, 'batch/v1', 'CronJob', 'cleanup').owner];
    await change(kit, (i) => ({ ...i, subjects: [...i.subjects, { ...pod, owners }] }));
    await setGoal(kit, 'i-1', 'quarantine');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const after = await incidentOf(kit, 'i-1');
    assert.equal(stateOfStep(after, 'quarantine-pod'), 'applied');
    assert.deepEqual(
      after.journal.filter((e) => e.subject.includes(NAME)),
      [],
    );
  });

  it('do not keep the workload itself from being deleted', async () => {
    const after = await over(await awaiting('delete-workload'));
    const { state, proof } = after.journal.find((e) => e.step === 'delete-workload') ?? assert.fail();
    assert.deepEqual([state, proof], ['applied', 'proven']);
    assert.equal(stateOfStep(after, 'kill-container'), 'skipped');
  });

  it('are skipped by a release', async () => {
    const kit = await awaiting();
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const { state, journal } = await incidentOf(kit, 'i-1');
    assert.deepEqual([state, [...new Set(journal.map((e) => e.state))]], ['released', ['skipped']]);
  });
});
