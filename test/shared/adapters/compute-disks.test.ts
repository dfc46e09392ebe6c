import { strict as assert } from 'node:assert';
import { diskPorts } from '../../../shared/adapters/compute-disks.ts';

const ZONE = 'projects/p1/zones/europe-west1-b';
const REQUEST = '00000000-0000-4000-8000-000000000001';

describe('the ports for disks', () => {
  const disk = async (more: object) =>
    diskPorts(async () => ({ id: '1', name: 'd1', status: 'READY', ...more })).disk(`${ZONE}/disks/d1`);

  it("say whether a disk's key is one that only its owner has", async () => {
    const kmsKeyName = 'projects/p1/locations/europe-west1/keyRings/r/cryptoKeys/k';
    const keys = [{}, { sha256: 'x' }, { kmsKeyName }, { kmsKeyName, sha256: 'x' }];
    const read = await Promise.all(keys.map((diskEncryptionKey) => disk({ diskEncryptionKey })));
    assert.deepEqual(
      [...read, await disk({})].map((one) => [one?.customerKey, one?.kmsKey]),
      [
        [false, undefined],
        [true, undefined],
        [false, kmsKeyName],
        [false, kmsKeyName],
        [false, undefined],
      ],
    );
  });

  it('store a snapshot in the region of its disk, and name the disk by its path', async () => {
    const sent: unknown[] = [];
    const ports = diskPorts(async (method, request) => {
      sent.push(method, request);
      return { name: 'o1', status: 'RUNNING' };
    });
    for (const at of [ZONE, 'projects/p1/regions/europe-west1'])
      await ports.createSnapshot({ disk: `${at}/disks/d1`, name: 's1', labels: { of: 'i1' }, requestId: REQUEST });
    const resourceOf = (sourceDisk: string) => ({
      project: 'p1',
      requestId: REQUEST,
      snapshotResource: {
        name: 's1',
        sourceDisk,
        labels: { of: 'i1', firebreak: 'evidence' },
        storageLocations: ['europe-west1'],
      },
    });
    assert.deepEqual(sent, [
      'Snapshots.Insert',
      resourceOf(`${ZONE}/disks/d1`),
      'Snapshots.Insert',
      resourceOf('projects/p1/regions/europe-west1/disks/d1'),
    ]);
  });
});
