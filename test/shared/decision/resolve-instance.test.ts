import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { Denied, Malformed, Transient } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { Instance, InstanceRef } from '../../../shared/model/compute.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW } from './fixtures.ts';
import { DESCRIPTION, NODE, object, portsOf, resolved, VM, type World } from './resolving.ts';

const MEANT: Target = { ...SHOP, instance: VM.id };
const OLD: Instance = { ...VM, createdAt: timeOf(NOW - 86_400_000) };
const OTHER: Instance = { ...OLD, id: '777', name: 'n2', zone: 'europe-west1-c' };

/** A node that says this id of its VM, or none. */
const node = (name: string, zone: string, says?: string): KubeObject =>
  object('Node', name, `node-of-${name}`, {
    spec: { providerID: `gce://p1/${zone}/${name}` },
    metadata: says === undefined ? {} : { annotations: { 'container.googleapis.com/instance_id': says } },
  });

/** Compute Engine with both VMs, which can be read by name and by id. */
const instance = async ({ zone, name }: InstanceRef): Promise<Instance | undefined> =>
  [OLD, OTHER].find((vm) => vm.zone === zone && (vm.name === name || vm.id === name));

const nodesOf = async (world: World): Promise<string[]> => {
  const { subjects } = await resolved(portsOf(world), MEANT);
  return subjects.map((one) => (one.kind === 'node' ? one.host.node : one.kind));
};

describe('finding the node of an instance', () => {
  const honest = node('n1', 'europe-west1-b', VM.id);

  for (const objects of [
    [honest, node('n2', 'europe-west1-c', VM.id)],
    [node('n2', 'europe-west1-c', VM.id), honest],
  ])
    it(`is not led to another node that says the same id (${objects[0]?.metadata.name} first)`, async () => {
      assert.deepEqual(await nodesOf({ objects, instance }), ['n1']);
    });

  for (const says of [undefined, '99', '777'])
    it(`finds the node by its VM where it says ${says ?? 'no id'}`, async () => {
      const objects = [node('n2', 'europe-west1-c', '777'), node('n1', 'europe-west1-b', says)];
      assert.deepEqual(await nodesOf({ objects, instance }), ['n1']);
    });

  it('finds it where another node says its id as well', async () => {
    const objects = [node('n2', 'europe-west1-c', VM.id), NODE];
    assert.deepEqual(await nodesOf({ objects, instance }), ['n1']);
  });

  it('asks only for zones of the region, each once, whatever the nodes name', async () => {
    const asked: string[] = [];
    const objects = [
      ...['europe-west1-c', 'us-central1-a', 'europe-west1-zz', 'europe-west1'].map((zone, n) => node(`x${n}`, zone)),
      node('x9', 'europe-west1-c'),
    ];
    const none = async ({ zone, name }: InstanceRef) => {
      asked.push(`${zone} ${name}`);
      throw new Malformed('Unknown zone');
    };
    const { subjects, notes } = await resolved(portsOf({ objects, instance: none }), MEANT);
    assert.deepEqual([subjects, notes], [[], [`instance ${VM.id} does not exist now`]]);
    assert.deepEqual(asked.toSorted(), [`europe-west1-b ${VM.id}`, `europe-west1-c ${VM.id}`]);
  });

  const exhausted = async (): Promise<never> => {
    throw new Transient('Quota exceeded');
  };
  it('waits while no VM can be read and not exactly one node says the id', async () => {
    assert.deepEqual(await nodesOf({ objects: [honest], instance: exhausted }), ['n1']);
    for (const objects of [[], [honest, node('n2', 'europe-west1-c', VM.id)]])
      await assert.rejects(nodesOf({ objects, instance: exhausted }), Transient);
  });

  const denied = async (): Promise<never> => {
    throw new Denied('no');
  };
  it('says so where no node says the id, and no VM may be read by it', async () => {
    const { subjects, notes } = await resolved(portsOf({ objects: [], instance: denied }), MEANT);
    assert.deepEqual([subjects, notes], [[], [`instance ${VM.id} was not found: no`]]);
  });

  it('finds none on Autopilot, which shows no VM', async () => {
    const world = { objects: [honest], instance: denied, description: { ...DESCRIPTION, autopilot: true } };
    assert.deepEqual(await nodesOf(world), []);
  });
});
