import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Step } from '../../../shared/containment/step.ts';
import { cordonNode } from '../../../shared/containment/steps/cordon-node.ts';
import { freezeWorkload } from '../../../shared/containment/steps/freeze-workload.ts';
import { quarantinePod } from '../../../shared/containment/steps/quarantine-pod.ts';
import { sandboxWorkload } from '../../../shared/containment/steps/sandbox-workload.ts';
import type { ObjectRef } from '../../../shared/kubernetes/object.ts';
import {
  containmentKit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  withSandboxPool,
  workloadOf,
} from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../kit/step.ts';

const MOST = 256 * 1024;
const MARK = 'firebreak.dev/quarantine-pod';

/** An incident on a pod, or on its controller, and the objects that its steps change. */
const opened = async () => {
  const kit = containmentKit();
  withSandboxPool(kit);
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
  const refs: Record<string, ObjectRef> = {
    pod: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.name },
    node: { apiVersion: 'v1', kind: 'Node', name: pod.host?.node ?? '' },
    workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  };
  const open = (step: Step, incident = STEP_INCIDENT) =>
    openIncident(
      kit,
      incident,
      step.scope === 'workload' ? [workloadOf(kit, 'apps/v1', 'Deployment', 'cart')] : [pod],
      'isolate',
    );
  const objectOf = ({ scope }: Step) => kit.cluster.get(refs[scope] ?? assert.fail()) ?? assert.fail();
  /** Fills the annotations of the step's object, up to this many bytes that stay free. */
  const fill = ({ scope }: Step, free = 0) =>
    kit.cluster.edit(
      refs[scope] ?? assert.fail(),
      ({ metadata }) => {
        const used = Object.entries(metadata.annotations ?? {}).reduce((n, [k, v]) => n + k.length + v.length, 1);
        metadata.annotations = { ...metadata.annotations, x: 'x'.repeat(MOST - used - free) };
      },
      STRANGER,
    );
  return { kit, open, objectOf, fill };
};

describe('containment/mark-on', () => {
  for (const step of [cordonNode, quarantinePod, freezeWorkload, sandboxWorkload] satisfies Step[]) {
    it(`carries out ${step.id} on an object with full annotations, and takes it back`, async () => {
      const { kit, open, objectOf, fill } = await opened();
      await open(step);
      fill(step);
      const before = objectOf(step);
      const [carried] = await carry(kit, step);
      assert.equal(carried?.entry.state, 'applied', carried?.entry.because);
      assert.equal(objectOf(step).metadata.labels?.[`firebreak.dev/${step.id}`], carried.entry.host ?? STEP_INCIDENT);
      const [again] = await carry(kit, step);
      assert.equal(again?.entry.startedAt, carried.entry.startedAt, 'it does not know its mark');
      const [entry] = await releaseStep(kit, step);
      assert.equal(entry?.state, 'undone', entry?.because);
      const after = objectOf(step);
      assert.deepEqual(after.metadata.labels ?? {}, before.metadata.labels ?? {});
      assert.deepEqual(after.metadata.annotations, before.metadata.annotations);
    });
  }

  it('cordons a node with room for the mark alone, and says that the autoscaler may remove it', async () => {
    const { kit, open, objectOf, fill } = await opened();
    await open(cordonNode);
    fill(cordonNode, 60);
    const [carried] = await carry(kit, cordonNode);
    assert.match(carried?.entry.because ?? '', /^others fill or change its annotations/);
    const { spec, metadata } = objectOf(cordonNode);
    assert.equal(spec?.unschedulable, true);
    assert.equal(metadata.annotations?.['firebreak.dev/cordon-node'], carried?.bound.subject.uid);
  });

  it('hands a mark over where it is', async () => {
    const { kit, open, objectOf, fill } = await opened();
    await open(quarantinePod);
    fill(quarantinePod);
    await carry(kit, quarantinePod);
    await open(quarantinePod, 'i-2');
    await deliver(kit, 'i-2');
    const marks = () => objectOf(quarantinePod).metadata.labels;
    assert.deepEqual(marks(), { quarantine: 'true', [MARK]: 'i-2' });
    await setGoal(kit, 'i-2', 'released');
    const { journal } = await deliver(kit, 'i-2');
    assert.match(journal.find((e) => e.step === quarantinePod.id)?.because ?? '', /^kept: incident i-1 holds it too/);
    assert.deepEqual(marks(), { quarantine: 'true', [MARK]: STEP_INCIDENT });
  });

  it('leaves no mark of another incident beside a longer one that has no room', async () => {
    const { kit, open, objectOf, fill } = await opened();
    await open(quarantinePod);
    await carry(kit, quarantinePod);
    fill(quarantinePod, 1);
    await open(quarantinePod, 'i-1000');
    await deliver(kit, 'i-1000');
    const { annotations, labels } = objectOf(quarantinePod).metadata;
    assert.deepEqual([annotations?.[MARK], labels?.[MARK]], [undefined, 'i-1000']);
  });
});
