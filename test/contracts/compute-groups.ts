import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import type { ComputeCase } from './compute.ts';

const ZONE = 'projects/p1/zones/europe-west1-b';
const GROUP = `${ZONE}/instanceGroupManagers/g1`;
const REGIONAL = 'projects/p1/regions/europe-west1/instanceGroupManagers/g2';

/** Cases for managed instance groups, zonal and regional. */
export const computeGroupContract = (given: () => ComputeCase): void => {
  const names = async (group = GROUP) => (await given().compute.managedInstances(group))?.map(({ name }) => name);
  const size = async (group = GROUP) => (await given().compute.group(group))?.targetSize;
  const settle = () => given().advance(given().world.state.durations.group);

  describe('a group', () => {
    beforeEach(() => {
      const { world } = given();
      world.addGroup({
        project: 'p1',
        zone: 'europe-west1-b',
        name: 'g1',
        members: ['n1', 'n2', 'n3'],
        autoHealing: true,
      });
      world.addGroup({
        project: 'p1',
        region: 'europe-west1',
        zones: ['europe-west1-b', 'europe-west1-c'],
        name: 'g2',
        members: ['r1', 'r2'],
        paginated: true,
        autoscaler: 'https://www.googleapis.com/compute/v1/projects/p1/regions/europe-west1/autoscalers/a1',
      });
    });

    it('is found through created-by of a VM, which names the project by number', async () => {
      const { compute } = given();
      const vm = await compute.instance({ project: 'p1', zone: 'europe-west1-b', name: 'n1' });
      const createdBy = vm?.metadata.items['created-by'] ?? '';
      assert.match(createdBy, /^projects\/\d+\//);
      const group = await compute.group(createdBy);
      assert.equal(group?.name, 'g1');
      assert.equal(group?.targetSize, 3);
      assert.deepEqual([group?.zone, group?.autoscaled, group?.autoHealing], ['europe-west1-b', false, true]);
      const regional = await compute.group(REGIONAL);
      assert.deepEqual([regional?.region, regional?.autoscaled], ['europe-west1', true]);
      assert.equal(await compute.group(`${ZONE}/instanceGroupManagers/none`), undefined);
      assert.equal(await compute.managedInstances(`${ZONE}/instanceGroupManagers/none`), undefined);
    });

    it('lists its members with their ids, over all pages', async () => {
      const { compute, world } = given();
      world.state.pageLimit = 1;
      const members = await compute.managedInstances(REGIONAL);
      assert.deepEqual(
        members?.map(({ url, zone, action, status }) => [url, zone, action, status]),
        [
          [`${ZONE}/instances/r1`, 'europe-west1-b', 'NONE', 'RUNNING'],
          ['projects/p1/zones/europe-west1-c/instances/r2', 'europe-west1-c', 'NONE', 'RUNNING'],
        ],
      );
      assert.equal(members?.[0]?.id, world.state.instances.get(`${ZONE}/instances/r1`)?.id);
    });

    for (const [kind, group, instance] of [
      ['zonal', GROUP, `${ZONE}/instances/n2`],
      ['regional', REGIONAL, `${ZONE}/instances/r1`],
    ] as const) {
      it(`lets a VM go alive: a ${kind} one is smaller at once, and the listing shows it leaving until it has left`, async () => {
        const { compute, done, requestId, world } = given();
        const before = await size(group);
        const of = { group, instance, requestId: requestId() };
        const operation = await done(await compute.abandonInstance(of));
        assert.equal(operation.error, undefined);
        assert.equal(await size(group), (before ?? 0) - 1);
        const leaving = (await compute.managedInstances(group))?.find(({ url }) => url === instance);
        assert.equal(leaving?.action, 'ABANDONING');
        settle();
        assert.ok(!(await compute.managedInstances(group))?.some(({ url }) => url === instance));
        assert.ok(world.state.instances.has(instance));
        assert.deepEqual(await compute.abandonInstance(of), operation);
        assert.equal(world.state.log.by('contain').length, 1);
        await assert.rejects(compute.abandonInstance({ ...of, requestId: requestId() }), Malformed);
      });
    }

    it('makes a VM under the name that was asked for, once', async () => {
      const { compute, done, requestId, world } = given();
      const of = { group: GROUP, name: 'n9' };
      await done(await compute.createInstance({ ...of, requestId: requestId() }));
      assert.equal(await size(), 4);
      const coming = (await compute.managedInstances(GROUP))?.find(({ name }) => name === 'n9');
      assert.deepEqual([coming?.action, coming?.id], ['CREATING', undefined]);
      assert.equal(await compute.createInstance({ ...of, requestId: requestId() }), 'exists');
      settle();
      assert.equal((await compute.managedInstances(GROUP))?.find(({ name }) => name === 'n9')?.action, 'NONE');
      assert.ok(world.state.instances.has(`${ZONE}/instances/n9`));
      assert.equal(await compute.createInstance({ ...of, requestId: requestId() }), 'exists');
      assert.equal(await size(), 4);
      const regional = { group: REGIONAL, name: 'r9', requestId: requestId() };
      assert.equal((await done(await compute.createInstance(regional))).error, undefined);
      assert.equal(await size(REGIONAL), 3);
    });

    it('that its group cannot make is listed without a VM, with the reason, until there is room', async () => {
      const { advance, compute, done, requestId, world } = given();
      world.state.stockout = { code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'The zone has no room.' };
      await done(await compute.createInstance({ group: GROUP, name: 'n8', requestId: requestId() }));
      const listed = async () => {
        advance(60_000);
        world.settle();
        return (await compute.managedInstances(GROUP))?.find(({ name }) => name === 'n8');
      };
      const waiting = await listed();
      assert.deepEqual([waiting?.id, waiting?.status], [undefined, undefined]);
      assert.equal(waiting?.trouble, 'ZONE_RESOURCE_POOL_EXHAUSTED: The zone has no room.');
      world.state.stockout = undefined;
      const made = await listed();
      assert.deepEqual([made?.status, made?.trouble], ['RUNNING', undefined]);
    });

    it('grows by a resize under names of its own, and an autoscaler may have been there first', async () => {
      const { compute, done, requestId, world } = given();
      world.stranger.resize(GROUP, 4);
      await done(await compute.resizeGroup({ group: GROUP, size: 5, requestId: requestId() }));
      settle();
      const all = await names();
      assert.equal(all?.length, 5);
      assert.equal(new Set(all).size, 5);
      assert.equal(await size(), 5);
      await done(await compute.resizeGroup({ group: REGIONAL, size: 3, requestId: requestId() }));
      assert.equal(await size(REGIONAL), 3);
      await assert.rejects(compute.resizeGroup({ group: GROUP, size: -1, requestId: requestId() }), Malformed);
    });

    it('deletes a member and does not replace it', async () => {
      const { compute, done, requestId, world } = given();
      const gone = `${ZONE}/instances/n2`;
      await done(await compute.deleteGroupInstance({ group: GROUP, instance: gone, requestId: requestId() }));
      settle();
      assert.deepEqual(await names(), ['n1', 'n3']);
      assert.equal(await size(), 2);
      assert.ok(!world.state.instances.has(gone));
      await done(
        await compute.deleteGroupInstance({
          group: REGIONAL,
          instance: `${ZONE}/instances/r1`,
          requestId: requestId(),
        }),
      );
      assert.equal(await size(REGIONAL), 1);
    });

    it('replaces a member that was deleted behind its back, but not one it has let go', async () => {
      const { compute, done, requestId, world } = given();
      const idOf = (name: string) => world.state.instances.get(`${ZONE}/instances/${name}`)?.id ?? '';
      const [kept, left] = [idOf('n1'), idOf('n2')];
      const vm = (id: string) => ({ project: 'p1', zone: 'europe-west1-b', id });
      await done(
        await compute.abandonInstance({ group: GROUP, instance: `${ZONE}/instances/n2`, requestId: requestId() }),
      );
      settle();
      await done(await compute.deleteInstance({ vm: vm(kept), requestId: requestId() }));
      await done(await compute.deleteInstance({ vm: vm(left), requestId: requestId() }));
      settle();
      assert.deepEqual(await names(), ['n1', 'n3']);
      assert.notEqual(idOf('n1'), kept);
      assert.equal(idOf('n2'), '');
    });

    it('that is not there takes no change', async () => {
      const { compute, requestId } = given();
      const group = `${ZONE}/instanceGroupManagers/none`;
      const instance = `${ZONE}/instances/n1`;
      assert.equal(await compute.abandonInstance({ group, instance, requestId: requestId() }), 'gone');
      assert.equal(await compute.deleteGroupInstance({ group, instance, requestId: requestId() }), 'gone');
      assert.equal(await compute.createInstance({ group, name: 'n9', requestId: requestId() }), 'gone');
      assert.equal(await compute.resizeGroup({ group, size: 1, requestId: requestId() }), 'gone');
      await assert.rejects(compute.resizeGroup({ group: instance, size: 1, requestId: requestId() }), Malformed);
    });
  });
};
