import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import {
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  workloadOf,
} from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';
import { STRANGER } from '../../kit/step.ts';

const names = (start: string, many: number): string[] =>
  Array.from({ length: many }, (_, n) => `${start}-${n}${'-a'.repeat(118)}`);
const SPEC = { containers: [{ name: 'c', image: 'shop.example.com/queue:1.0.0' }] };
const POLICY = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };

const entryOf = ({ journal }: Incident, step: string) => journal.find((e) => e.step === step) ?? assert.fail(step);

/**
 * What somebody with rights in a namespace makes, so that what the record says of it would fill the document; the goal,
 * the step that says it, and how it starts.
 */
type Crowd = [string, (kit: Kit, name: string, node: string) => void, Tier, string, RegExp];

const CROWDS: Crowd[] = [
  [
    'finalizers on the pod',
    (kit, name) => {
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name };
      const finalizers = names('example.com/f', 2_500);
      kit.cluster.edit(ref, (draft) => Object.assign(draft.metadata, { finalizers }), STRANGER);
    },
    'redeploy',
    'delete-pod',
    /^still there after 60 s: the pod waits for the finalizers example\.com\/f-0-a/,
  ],
  [
    'pods on its node',
    (kit, _, nodeName) => {
      // Each with a hundred volumes, so that few pods are enough.
      const owner = { ...workloadOf(kit, 'apps/v1', 'Deployment', 'cart').owner, controller: true };
      const volumes = Array.from({ length: 100 }, (_, n) => ({ name: `v${'v'.repeat(55)}${n}`, emptyDir: {} }));
      for (const name of names('p', 100))
        kit.cluster.apply({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'shop', ownerReferences: [owner] },
          spec: { ...SPEC, nodeName, volumes },
        });
    },
    'isolate',
    'drain-node',
    /^left on the node: shop\/p-0-a/,
  ],
  [
    'policies that allow it traffic',
    (kit) => {
      for (const name of names('allow', 2_200))
        kit.cluster.apply({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name, namespace: 'shop' },
          spec: POLICY,
        });
    },
    'quarantine',
    'quarantine-pod',
    /^NetworkPolicy allow-0-a/,
  ],
];

describe('an incident whose record an attacker fills', () => {
  for (const [what, crowd, tier, step, says] of CROWDS)
    it(`has room for every step and for its release, however many ${what} there are`, async () => {
      const kit = containmentKit();
      const pod = podNamed(kit, 'shop', 'cart');
      crowd(kit, pod.metadata.name, String(pod.spec?.nodeName));
      await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], tier);
      const { because = '' } = entryOf(await deliver(kit, 'i-1', 20), step);
      assert.match(because, says);
      assert.ok(because.length <= 2_000 && because.endsWith('…'), `${because.length} characters`);
      await setGoal(kit, 'i-1', 'released');
      assert.equal((await deliver(kit, 'i-1', 20)).state, 'released');
    });
});
