import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { newEntry } from '../../../shared/containment/entry-states.ts';
import { SCALE_DOWN_DISABLED } from '../../../shared/containment/marks.ts';
import { changedMeanwhile } from '../../../shared/containment/meanwhile.ts';
import type { Step } from '../../../shared/containment/step.ts';
import { cordonNode } from '../../../shared/containment/steps/cordon-node.ts';
import { denyNodeNetwork } from '../../../shared/containment/steps/deny-node-network.ts';
import { denyPodNetwork } from '../../../shared/containment/steps/deny-pod-network.ts';
import { freezeWorkload } from '../../../shared/containment/steps/freeze-workload.ts';
import { keepDisks } from '../../../shared/containment/steps/keep-disks.ts';
import { quarantinePod } from '../../../shared/containment/steps/quarantine-pod.ts';
import { removeExternalIp } from '../../../shared/containment/steps/remove-external-ip.ts';
import { sandboxWorkload } from '../../../shared/containment/steps/sandbox-workload.ts';
import type { KubeObject, ObjectRef } from '../../../shared/kubernetes/object.ts';
import type { PodSubject, Subject } from '../../../shared/model/subject.ts';
import {
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
  vmOf,
  withSandboxPool,
  workloadOf,
} from '../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../kit/step.ts';

const CART: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
const POLICY = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop' };

/** What is there of the step's object; `pod`: the pod of the incident, on whose node and VM the steps are. */
type Look = (kit: Kit, pod: PodSubject) => unknown;

/**
 * A step whose before-image is read, and which is refused for want of a right. Then a stranger changes its object, the
 * step goes on, and is released. `ends`: the state of its entry before the release; `stays`: what `look` sees after it.
 */
type Case = {
  step: Step;
  of?: 'workload';
  stranger: (kit: Kit, pod: PodSubject) => void;
  look: Look;
  ends: 'applied' | 'skipped' | 'refused';
  stays: unknown;
};

const nodeRef = ({ host }: PodSubject): ObjectRef => ({ apiVersion: 'v1', kind: 'Node', name: host?.node ?? '' });
const edited = (ref: (pod: PodSubject) => ObjectRef, change: (draft: KubeObject) => void): Case['stranger'] => {
  return (kit, pod) => void kit.cluster.edit(ref(pod), change, STRANGER);
};
const urlOf = ({ host }: PodSubject): string =>
  `projects/${host?.project}/zones/${host?.zone}/instances/${host?.instance}`;

const cordon: Look = (kit, pod) => {
  const node = kit.cluster.get(nodeRef(pod)) ?? assert.fail();
  return [node.spec?.unschedulable === true, node.metadata.annotations?.[SCALE_DOWN_DISABLED]];
};
const cordoned = (draft: KubeObject): void => {
  draft.spec = { ...draft.spec, unschedulable: true };
};
const annotated = ({ metadata }: KubeObject): void => {
  metadata.annotations = { ...metadata.annotations, [SCALE_DOWN_DISABLED]: 'true' };
};
const scaledTo = (replicas: number): Case['stranger'] =>
  edited(
    () => CART,
    (draft) => {
      draft.spec = { ...draft.spec, replicas };
    },
  );
const replicas: Look = (kit) => kit.cluster.get(CART)?.spec?.replicas;
const classed = (runtimeClassName: string): Case['stranger'] =>
  edited(
    () => CART,
    (draft) => {
      const template = draft.spec?.template;
      assert.ok(typeof template === 'object' && template !== null && 'spec' in template);
      const spec = template.spec;
      assert.ok(typeof spec === 'object' && spec !== null);
      draft.spec = { ...draft.spec, template: { ...template, spec: { ...spec, runtimeClassName } } };
    },
  );
const runtimeClass: Look = (kit) => /"runtimeClassName":"(\w+)"/.exec(JSON.stringify(kit.cluster.get(CART)))?.[1];
const labelled = (labels: Record<string, string>): Case['stranger'] =>
  edited(
    ({ name }) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }),
    ({ metadata }) => {
      metadata.labels = { ...metadata.labels, ...labels };
    },
  );
const label =
  (key: string): Look =>
  (kit, { name }) =>
    podNamed(kit, 'shop', name).metadata.labels?.[key];
const policied =
  (spec: object): Case['stranger'] =>
  (kit) =>
    void kit.cluster.apply({
      ...POLICY,
      metadata: { name: 'firebreak-quarantine', namespace: 'shop' },
      spec: { podSelector: { matchLabels: { quarantine: 'true' } }, ...spec },
    });
const policy: Look = (kit) => kit.cluster.get({ ...POLICY, name: 'firebreak-quarantine' }) !== undefined;
const configOf = (kit: Kit, { host }: PodSubject) =>
  vmOf(kit, host)?.networkInterfaces[0]?.accessConfigs?.[0] ?? assert.fail();

const CASES: Readonly<Record<string, Case>> = {
  'a cordon': {
    ...{ step: cordonNode, stranger: edited(nodeRef, cordoned), look: cordon },
    ...{ ends: 'applied', stays: [true, undefined] },
  },
  'the annotation for the autoscaler': {
    ...{ step: cordonNode, stranger: edited(nodeRef, annotated), look: cordon },
    ...{ ends: 'applied', stays: [false, 'true'] },
  },
  'a cordon with the annotation': {
    step: cordonNode,
    stranger: edited(nodeRef, (draft) => {
      cordoned(draft);
      annotated(draft);
    }),
    ...{ look: cordon, ends: 'skipped', stays: [true, 'true'] },
  },
  'another number of replicas': {
    ...{ step: freezeWorkload, of: 'workload', stranger: scaledTo(7), look: replicas },
    ...{ ends: 'applied', stays: 7 },
  },
  'a scale to 0': {
    ...{ step: freezeWorkload, of: 'workload', stranger: scaledTo(0), look: replicas },
    ...{ ends: 'skipped', stays: 0 },
  },
  'another runtime class': {
    ...{ step: sandboxWorkload, of: 'workload', stranger: classed('kata'), look: runtimeClass },
    ...{ ends: 'applied', stays: 'kata' },
  },
  'the sandbox itself': {
    ...{ step: sandboxWorkload, of: 'workload', stranger: classed('gvisor'), look: runtimeClass },
    ...{ ends: 'skipped', stays: 'gvisor' },
  },
  'a new label': {
    ...{ step: quarantinePod, stranger: labelled({ team: 'x' }), look: label('team') },
    ...{ ends: 'applied', stays: 'x' },
  },
  'another value of a label': {
    ...{ step: quarantinePod, stranger: labelled({ app: 'other' }), look: label('app') },
    ...{ ends: 'applied', stays: 'other' },
  },
  'the quarantine label': {
    ...{ step: quarantinePod, stranger: labelled({ quarantine: 'true' }), look: label('quarantine') },
    ...{ ends: 'applied', stays: 'true' },
  },
  'a policy that denies all': {
    ...{ step: denyPodNetwork, stranger: policied({ policyTypes: ['Ingress', 'Egress'] }), look: policy },
    ...{ ends: 'skipped', stays: true },
  },
  'a policy that does not deny all': {
    ...{ step: denyPodNetwork, stranger: policied({ policyTypes: ['Egress'], egress: [{}] }), look: policy },
    ...{ ends: 'refused', stays: true },
  },
  'another external address': {
    step: removeExternalIp,
    stranger: (kit, pod) => {
      configOf(kit, pod).natIP = '203.0.113.77';
    },
    look: (kit, pod) => configOf(kit, pod).natIP,
    ...{ ends: 'applied', stays: '203.0.113.77' },
  },
  'another tag': {
    step: denyNodeNetwork,
    stranger: (kit, pod) => kit.world.compute.stranger.setTags(urlOf(pod), ['gke-c1-node', 'theirs'], STRANGER),
    look: (kit, { host }) => vmOf(kit, host)?.tags.items,
    ...{ ends: 'applied', stays: ['gke-c1-node', 'theirs'] },
  },
};

const begun = async ({ step, of, stranger }: Pick<Case, 'step' | 'of' | 'stranger'>) => {
  const kit = containmentKit();
  withSandboxPool(kit);
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const subjects: Subject[] = of === undefined ? [pod] : [workloadOf(kit, 'apps/v1', 'Deployment', 'cart')];
  await openIncident(kit, STEP_INCIDENT, subjects, 'isolate');
  for (const verb of ['create', 'patch'] as const) kit.cluster.faults.add({ verb, times: 1, fault: '403' });
  for (const method of ['SetTags', 'DeleteAccessConfig', 'SetDiskAutoDelete'])
    kit.world.compute.script({ kind: 'refuse', status: 403, reason: 'forbidden', method: `Instances.${method}` });
  const [waiting] = await carry(kit, step, undefined, 1);
  assert.equal(waiting?.entry.state, 'pending', waiting?.entry.because);
  stranger(kit, pod);
  const [carried] = await carry(kit, step);
  return { kit, pod, carried };
};

describe('containment/meanwhile', () => {
  for (const [what, given] of Object.entries(CASES))
    it(`has a release leave ${what} that somebody set after ${given.step.id} had read what was there`, async () => {
      const { kit, pod, carried } = await begun(given);
      assert.equal(carried?.entry.state, given.ends, carried?.entry.because);
      await releaseStep(kit, given.step);
      assert.deepEqual(given.look(kit, pod), given.stays);
    });

  it('cannot tell whose it is on a VM, which carries no mark: a release turns auto-delete on again', async () => {
    const autoDelete = (kit: Kit, { host }: PodSubject) => vmOf(kit, host)?.disks.map((disk) => disk.autoDelete);
    const { kit, pod, carried } = await begun({
      step: keepDisks,
      stranger: (kit, pod) => {
        for (const disk of vmOf(kit, pod.host)?.disks ?? []) disk.autoDelete = false;
      },
    });
    assert.equal(carried?.entry.state, 'applied', carried?.entry.because);
    assert.deepEqual(autoDelete(kit, pod), [false]);
    await releaseStep(kit, keepDisks);
    assert.deepEqual(autoDelete(kit, pod), [true]);
  });

  it('keeps the image where another incident has marked the object: what is there is what that one made of it', async () => {
    const read = async () => ({ outcome: 'captured', before: { labels: {} } }) as const;
    const entry = newEntry({ step: 'quarantine-pod', subject: 'shop/cart-0', uid: 'u' }, 1, 0);
    const changed = (mark: string | undefined) =>
      changedMeanwhile({ insists: false, entry }, mark, { labels: { app: 'cart' } }, { labels: {} }, read);
    assert.equal(await changed('i-9'), undefined);
    assert.deepEqual(await changed(undefined), await read());
  });
});
