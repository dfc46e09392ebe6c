import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import type { ComputeCase } from './compute.ts';

const DISK = 'projects/p1/zones/europe-west1-b/disks/d1';
const REGIONAL = 'projects/p1/regions/europe-west1/disks/r1';
const MINUTE = 60_000;

/** Cases for disks and their snapshots. */
export const computeSnapshotContract = (given: () => ComputeCase): void => {
  describe('a disk', () => {
    it('is read where it is, zonal or regional, with how it is encrypted', async () => {
      const { compute, world } = given();
      const raw = world.addDisk({ project: 'p1', zone: 'europe-west1-b', name: 'd1', kmsKeyName: 'projects/p1/k1' });
      world.addDisk({ project: 'p1', region: 'europe-west1', name: 'r1', customerKey: true });
      const zonal = await compute.disk(`https://www.googleapis.com/compute/v1/${DISK}`);
      assert.deepEqual(
        { url: zonal?.url, id: zonal?.id, zone: zonal?.zone, kmsKey: zonal?.kmsKey, customerKey: zonal?.customerKey },
        { url: DISK, id: raw.id, zone: 'europe-west1-b', kmsKey: 'projects/p1/k1', customerKey: false },
      );
      assert.equal(zonal?.sizeGb, 100);
      const regional = await compute.disk(REGIONAL);
      assert.deepEqual([regional?.region, regional?.customerKey], ['europe-west1', true]);
      assert.equal(await compute.disk('projects/p1/zones/europe-west1-b/disks/none'), undefined);
      await assert.rejects(compute.disk('projects/p1/zones/europe-west1-b/instances/d1'), Malformed);
    });
  });

  describe('a snapshot', () => {
    const snap = async (name: string, disk = DISK) => {
      const { compute, requestId } = given();
      return compute.createSnapshot({ disk, name, labels: { incident: 'i1' }, requestId: requestId() });
    };
    const snapshotsOf = async (disk: string) => {
      const { compute } = given();
      return compute.snapshotsOf({ project: 'p1', id: (await compute.disk(disk))?.id ?? '' });
    };
    beforeEach(() => {
      const { world } = given();
      world.addDisk({ project: 'p1', zone: 'europe-west1-b', name: 'd1' });
      world.addDisk({ project: 'p1', region: 'europe-west1', name: 'r1' });
    });

    it('is READY only some time after its operation is done', async () => {
      const { advance, done, world } = given();
      const accepted = await snap('s1');
      const operation = await done(accepted);
      assert.equal(operation.error, undefined);
      assert.match(operation.url, /^projects\/p1\/global\/operations\//);
      assert.notEqual((await snapshotsOf(DISK))[0]?.status, 'READY');
      advance(world.state.durations.snapshot);
      const [ready] = await snapshotsOf(DISK);
      assert.equal(ready?.status, 'READY');
      assert.equal(ready?.sourceDisk, DISK);
      assert.deepEqual(ready?.labels, { incident: 'i1', firebreak: 'evidence' });
    });

    it('is taken of a regional disk as well', async () => {
      const { done } = given();
      assert.equal((await done(await snap('s1', REGIONAL))).error, undefined);
      assert.equal((await snapshotsOf(REGIONAL))[0]?.sourceDisk, REGIONAL);
    });

    it('under a name that is taken exists already, of a disk that is not there is gone', async () => {
      const { done, world } = given();
      const first = await snap('s1');
      assert.equal(await snap('s1'), 'exists');
      await done(first);
      assert.equal(await snap('s1', REGIONAL), 'exists');
      assert.equal(await snap('s2', 'projects/p1/zones/europe-west1-b/disks/none'), 'gone');
      assert.equal(world.state.snapshots.size, 1);
    });

    it('is refused in the operation when the disk had one less than ten minutes ago, or six in the hour', async () => {
      const { advance, compute, done, world } = given();
      await done(await snap('s1'));
      const early = await done(await snap('s2'));
      assert.equal(early.error?.code, 'RESOURCE_OPERATION_RATE_EXCEEDED');
      assert.equal(early.error?.means, 'transient');
      advance(10 * MINUTE);
      assert.equal((await done(await snap('s3'))).error, undefined);
      const id = (await compute.disk(DISK))?.id ?? '';
      const now = world.state.time();
      world.state.snapshotTimes.set(
        id,
        [11, 20, 30, 40, 50, 59].map((ago) => now - ago * MINUTE),
      );
      assert.equal((await done(await snap('s4'))).error?.means, 'transient');
      assert.deepEqual(
        [...world.state.snapshots.values()].map(({ name }) => name),
        ['s1', 's3'],
      );
    });

    it('is listed by the id of its disk, newest first, over all pages, strangers left out', async () => {
      const { advance, done, requestId, world } = given();
      world.state.pageLimit = 1;
      await done(await snap('s1'));
      advance(10 * MINUTE);
      await done(await snap('s2'));
      await done(await snap('s3', REGIONAL));
      advance(10 * MINUTE);
      world.call('stranger', 'Snapshots.Insert', {
        project: 'p1',
        requestId: requestId(),
        snapshotResource: { name: 'theirs', sourceDisk: DISK },
      });
      advance(MINUTE);
      const names = (await snapshotsOf(DISK)).map(({ name }) => name);
      assert.deepEqual(names, ['s2', 's1']);
      assert.ok(world.state.snapshots.has('projects/p1/global/snapshots/theirs'));
    });

    it('cannot be taken of a disk under a customer-supplied key', async () => {
      given().world.addDisk({ project: 'p1', zone: 'europe-west1-b', name: 'csek', customerKey: true });
      await assert.rejects(snap('s1', 'projects/p1/zones/europe-west1-b/disks/csek'), Malformed);
    });
  });
};
