import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Step } from '../../../shared/containment/step.ts';
import { attachForensics } from '../../../shared/containment/steps/attach-forensics.ts';
import { cordonNode } from '../../../shared/containment/steps/cordon-node.ts';
import { freezeWorkload } from '../../../shared/containment/steps/freeze-workload.ts';
import { leaveGroup } from '../../../shared/containment/steps/leave-group.ts';
import { quarantinePod } from '../../../shared/containment/steps/quarantine-pod.ts';
import { sandboxWorkload } from '../../../shared/containment/steps/sandbox-workload.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import {
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
  withSandboxPool,
  workloadOf,
} from '../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../kit/step.ts';

type Change = (draft: KubeObject, n: number) => void;

/** Has somebody change each object a moment before each patch of ours: all of these are made for an older version. */
const churn = (kit: Kit, change: Change): void => {
  const { clusters } = kit.ports;
  let n = 0;
  const writer: typeof clusters.writer = (cluster) => ({
    ...clusters.writer(cluster),
    patch: async (ref, patch, subresource) => {
      n += 1;
      kit.cluster.edit(ref, (draft) => change(draft, n), STRANGER);
      return clusters.writer(cluster).patch(ref, patch, subresource);
    },
  });
  kit.ports.clusters = { ...clusters, writer };
};

const annotation: Change = ({ metadata }, n) => {
  metadata.annotations = { ...metadata.annotations, 'example.com/n': String(n) };
};
/** Leaves room for a mark when it is looked at, and none when the patch arrives. */
const room: Change = ({ metadata }, n) => {
  metadata.annotations = { 'example.com/n': n % 2 === 0 ? 'x'.repeat(256 * 1024 - 13) : String(n) };
};
const label: Change = ({ metadata }, n) => {
  metadata.labels = { ...metadata.labels, n: String(n) };
};
const toleration: Change = (draft, n) => {
  const known = [draft.spec?.tolerations ?? []].flat();
  draft.spec = { ...draft.spec, tolerations: [...known, { key: `n${n}`, operator: 'Exists' }] };
};
const replicas: Change = (draft, n) => {
  draft.spec = { ...draft.spec, replicas: n };
};

const opened = async (isWorkload: boolean): Promise<Kit> => {
  const kit = containmentKit();
  withSandboxPool(kit);
  const subject = isWorkload
    ? workloadOf(kit, 'apps/v1', 'Deployment', 'cart')
    : await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
  return kit;
};

describe('containment/insists', () => {
  for (const [what, step, change] of [
    ['the annotations of the node', cordonNode, annotation],
    ['the annotations of the node', leaveGroup, annotation],
    ['the annotations of the pod', quarantinePod, annotation],
    ['the annotations of the pod', attachForensics, annotation],
    ['the room in the annotations of the pod', quarantinePod, room],
    ['the room in the annotations of the controller', freezeWorkload, room],
    ['the labels of the pod', quarantinePod, label],
    ['the tolerations of the pod', quarantinePod, toleration],
    ['the annotations of the controller', freezeWorkload, annotation],
    ['the replicas of the controller', freezeWorkload, replicas],
    ['the annotations of the controller', sandboxWorkload, annotation],
  ] satisfies Array<[string, Step, Change]>)
    it(`carries out ${step.id} although somebody changes ${what} before each of its patches`, async () => {
      const kit = await opened(step.scope === 'workload');
      churn(kit, change);
      const [carried] = await carry(kit, step);
      assert.equal(carried?.entry.state, 'applied', carried?.entry.because);
      assert.doesNotMatch(carried.entry.because ?? '', /is not labelled/);
    });

  for (const step of [cordonNode, quarantinePod, freezeWorkload, sandboxWorkload] satisfies Step[])
    it(`takes ${step.id} back although somebody changes its object before each patch`, async () => {
      const kit = await opened(step.scope === 'workload');
      await carry(kit, step);
      churn(kit, annotation);
      const [entry] = await releaseStep(kit, step);
      assert.equal(entry?.state, 'undone', entry?.because);
    });

  it('keeps the before-image that it read last before it insisted', async () => {
    const kit = await opened(true);
    churn(kit, replicas);
    const [carried] = await carry(kit, freezeWorkload);
    // Somebody had set 1, which it read, and then set 2 and 3 before two of its patches.
    assert.deepEqual(carried?.open.before, { value: 1 });
  });
});
