import { strict as assert } from 'node:assert';
import { METHODS } from '../../../../local/world/compute/world.ts';
import { makeTestWorld } from './make-test-world.ts';

const AT = { project: 'p1', zone: 'europe-west1-b' };
const ZONE = 'projects/p1/zones/europe-west1-b';

describe('makeComputeWorld', () => {
  it('logs a change once, when it takes effect, with its actor and the old and new values', () => {
    const { world, log, advance } = makeTestWorld();
    const vm = world.addInstance({ ...AT, name: 'n1', tags: ['a'] });
    const { fingerprint } = vm.tags;
    const request = { ...AT, instance: 'n1', tagsResource: { items: ['a', 'b'], fingerprint } };
    world.call('contain', 'Instances.SetTags', request);
    assert.deepEqual(log.by('contain'), []);
    advance(10_000);
    world.settle();
    assert.deepEqual(log.by('contain'), [
      {
        at: Date.UTC(2026, 0, 1) + world.state.durations.pending + world.state.durations.running,
        api: 'compute',
        actor: 'contain',
        verb: 'setTags',
        object: 'instances europe-west1-b/n1',
        uid: vm.id,
        change: { 'tags.items': { from: ['a'], to: ['a', 'b'] } },
      },
    ]);
  });

  it('logs nothing for a call that changed nothing', () => {
    const { world, log, advance } = makeTestWorld();
    const { tags } = world.addInstance({ ...AT, name: 'n1', tags: ['a'] });
    world.call('contain', 'Instances.SetTags', { ...AT, instance: 'n1', tagsResource: { ...tags } });
    advance(10_000);
    world.settle();
    assert.deepEqual(log.by('contain'), []);
  });

  it('creates a VM together with the disks and networks that it needs', () => {
    const { world } = makeTestWorld();
    world.addInstance({
      ...AT,
      name: 'n1',
      disks: [{}, { type: 'SCRATCH' }],
      nics: [{}, { network: 'projects/p2/global/networks/shared' }],
    });
    assert.deepEqual([...world.state.disks.keys()], [`${ZONE}/disks/n1`]);
    assert.deepEqual(
      [...world.state.networks.keys()],
      ['projects/p1/global/networks/default', 'projects/p2/global/networks/shared'],
    );
  });

  it('applies due operations in the order of their due times, however late it settles', () => {
    const { world, log, advance } = makeTestWorld();
    const group = world.addGroup({ ...AT, name: 'g1', members: ['n1', 'n2'] });
    const manager = { ...AT, instanceGroupManager: 'g1' };
    const instances = [`${ZONE}/instances/n1`];
    world.script({ kind: 'slow', method: 'InstanceGroupManagers.DeleteInstances', ms: 60_000 });
    world.call('contain', 'InstanceGroupManagers.DeleteInstances', {
      ...manager,
      instanceGroupManagersDeleteInstancesRequestResource: { instances },
    });
    world.call('contain', 'InstanceGroupManagers.Resize', { ...manager, size: 3 });
    advance(600_000);
    world.settle();
    assert.deepEqual(
      log.by('contain').map(({ verb, change }) => [verb, change.targetSize?.to]),
      [
        ['resize', 3],
        ['deleteInstances', 2],
      ],
    );
    assert.equal(group.members.length, 2);
    const times = log.entries().map(({ at }) => at);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('records every call, with its status and the permissions that it needs', () => {
    const { world } = makeTestWorld();
    world.addInstance({ ...AT, name: 'n1' });
    world.grant('contain', ['compute.instances.get']);
    world.call('contain', 'Instances.Get', { ...AT, instance: 'n1' });
    assert.throws(
      () => world.call('contain', 'Instances.Delete', { ...AT, instance: 'n1' }),
      /compute\.instances\.delete/,
    );
    assert.throws(() => world.call('decide', 'Instances.Get', { ...AT, instance: 'n1' }), /Required/);
    assert.deepEqual(
      world.state.calls.map(({ actor, method, permissions, status }) => [actor, method, permissions, status]),
      [
        ['contain', 'Instances.Get', ['compute.instances.get'], 200],
        ['contain', 'Instances.Delete', ['compute.instances.delete'], 403],
        ['decide', 'Instances.Get', ['compute.instances.get'], 403],
      ],
    );
  });

  it('lets a scripted fault start after some calls, and end after some more', () => {
    const { world } = makeTestWorld();
    world.addInstance({ ...AT, name: 'n1' });
    const get = () => world.call('contain', 'Instances.Get', { ...AT, instance: 'n1' });
    world.script({ kind: 'refuse', status: 429, reason: 'rateLimitExceeded', method: '*', after: 1, times: 2 });
    get();
    assert.throws(get);
    assert.throws(get);
    get();
  });

  it('recreates a member that auto-repair took, under the same name with another id', () => {
    const { world, log, advance } = makeTestWorld();
    const group = world.addGroup({ ...AT, name: 'g1', members: ['n1'] });
    const old = group.members[0]?.id;
    world.stranger.recreate(`${ZONE}/instances/n1`);
    assert.equal(world.state.instances.has(`${ZONE}/instances/n1`), false);
    advance(10_000);
    world.settle();
    const again = world.state.instances.get(`${ZONE}/instances/n1`);
    assert.ok(again && again.id !== old);
    assert.equal(group.members[0]?.id, again.id);
    assert.equal(group.raw.targetSize, 1);
    assert.deepEqual(
      log.by('instance-group-manager').map(({ verb }) => verb),
      ['recreateInstance', 'autoDelete', 'createInstance'],
    );
  });

  it('creates equal ids and names from equal random values', () => {
    const [a, b] = [makeTestWorld(), makeTestWorld()].map(({ world }) =>
      world.addGroup({ ...AT, name: 'g1', members: ['n1'] }),
    );
    assert.deepEqual(a?.members, b?.members);
  });

  it('names permissions in the format of IAM', () => {
    for (const [name, { permissions }] of Object.entries(METHODS)) {
      assert.ok(permissions.length > 0, name);
      for (const permission of permissions) assert.match(permission, /^(compute|iam)\.[a-zA-Z]+\.[a-zA-Z]+$/);
    }
  });
});
