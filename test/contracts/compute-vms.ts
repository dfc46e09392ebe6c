import { strict as assert } from 'node:assert';
import type { RawInstance } from '../../local/world/compute/resources.ts';
import { Conflict, Malformed } from '../../shared/errors.ts';
import type { ComputeCase } from './compute.ts';

const AT = { project: 'p1', zone: 'europe-west1-b' };
const URL = 'projects/p1/zones/europe-west1-b/instances/n1';

const addRichVm = ({ world }: ComputeCase): RawInstance =>
  world.addInstance({
    ...AT,
    name: 'n1',
    tags: ['gke-c1-node', 'web'],
    metadata: {
      'created-by': 'projects/123456789012/zones/europe-west1-b/instanceGroupManagers/g1',
      'kube-env': 'A: b',
    },
    labels: { 'goog-gke-node': '' },
    disks: [
      { deviceName: 'persistent-disk-0' },
      { source: 'https://www.googleapis.com/compute/v1/projects/p1/regions/europe-west1/disks/r1', boot: false },
      {
        source: 'https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/disks/shared',
        mode: 'READ_ONLY',
        autoDelete: false,
      },
      { type: 'SCRATCH' },
    ],
    nics: [
      {
        accessConfigs: [{ name: 'external-nat', natIP: '203.0.113.7' }],
        ipv6AccessConfigs: [{ name: 'external-ipv6' }],
      },
      { network: 'projects/p1/global/networks/second', accessConfigs: [{ name: 'External NAT' }] },
    ],
    serviceAccounts: [
      { email: 'node@p1.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
    ],
  });

const vmOf = (raw: RawInstance) => ({ ...AT, id: raw.id });

/** Cases for VMs: reading one, and changing one by its id. */
export const computeVmContract = (given: () => ComputeCase): void => {
  describe('a VM', () => {
    it('is read with its disks, interfaces, tags, metadata and service accounts', async () => {
      const raw = addRichVm(given());
      const vm = await given().compute.instance({ ...AT, name: 'n1' });
      assert.ok(vm);
      assert.equal(vm.id, raw.id);
      assert.equal(vm.status, 'RUNNING');
      assert.match(vm.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual(vm.tags.items, ['gke-c1-node', 'web']);
      assert.match(vm.metadata.items['created-by'] ?? '', /instanceGroupManagers\/g1$/);
      assert.deepEqual(vm.labels, { 'goog-gke-node': '' });
      assert.deepEqual(
        vm.disks.map(({ type, mode, boot, autoDelete }) => [type, mode, boot, autoDelete]),
        [
          ['PERSISTENT', 'READ_WRITE', true, true],
          ['PERSISTENT', 'READ_WRITE', false, true],
          ['PERSISTENT', 'READ_ONLY', false, false],
          ['SCRATCH', 'READ_WRITE', false, true],
        ],
      );
      assert.equal(vm.disks[3]?.source, undefined);
      assert.deepEqual(vm.interfaces[0]?.accessConfigs, [
        { name: 'external-nat', type: 'ONE_TO_ONE_NAT', natIP: '203.0.113.7', networkTier: 'PREMIUM' },
      ]);
      assert.equal(vm.interfaces[0]?.ipv6AccessConfigs[0]?.externalIpv6, '2001:db8:1::');
      assert.match(vm.interfaces[1]?.network ?? '', /networks\/second$/);
      assert.deepEqual(vm.serviceAccounts[0]?.email, 'node@p1.iam.gserviceaccount.com');
    });

    it('is found by its id as well, and is undefined where it is not there', async () => {
      const raw = addRichVm(given());
      assert.equal((await given().compute.instance({ ...AT, name: raw.id }))?.name, 'n1');
      assert.equal(await given().compute.instance({ ...AT, name: 'n2' }), undefined);
      assert.equal(await given().compute.instance({ ...AT, name: '4242' }), undefined);
    });

    it('is not even asked for by a name outside the grammar', async () => {
      const { compute, world } = given();
      for (const name of ['../n1', 'n1/setTags', 'N1', '']) {
        await assert.rejects(compute.instance({ ...AT, name }), Malformed);
      }
      await assert.rejects(compute.instance({ ...AT, zone: 'x', name: 'n1' }), Malformed);
      assert.equal(world.state.calls.length, 0);
    });

    it('keeps a disk: auto-delete goes off on that disk alone', async () => {
      const { compute, done, requestId, world } = given();
      const raw = addRichVm(given());
      const of = { vm: vmOf(raw), deviceName: 'persistent-disk-0', autoDelete: false };
      assert.equal((await done(await compute.setDiskAutoDelete({ ...of, requestId: requestId() }))).error, undefined);
      const vm = await compute.instance({ ...AT, name: 'n1' });
      assert.deepEqual(
        vm?.disks.map(({ autoDelete }) => autoDelete),
        [false, true, false, true],
      );
      assert.deepEqual(
        world.state.log.by('contain').map(({ verb, change }) => [verb, Object.keys(change)]),
        [['setDiskAutoDelete', ['disks.0.autoDelete']]],
      );
      await assert.rejects(
        compute.setDiskAutoDelete({ ...of, deviceName: 'local-ssd-3', requestId: requestId() }),
        Malformed,
      );
    });

    it('takes tags under the fingerprint they were read with, and refuses a stale one', async () => {
      const { compute, done, requestId, world } = given();
      const raw = addRichVm(given());
      const { fingerprint } = raw.tags;
      const items = ['gke-c1-node', 'web', 'firebreak-quarantine'];
      await done(await compute.setTags({ vm: vmOf(raw), items, fingerprint, requestId: requestId() }));
      assert.deepEqual((await compute.instance({ ...AT, name: 'n1' }))?.tags.items, items);
      await assert.rejects(
        compute.setTags({ vm: vmOf(raw), items: [], fingerprint, requestId: requestId() }),
        Conflict,
      );
      assert.equal(world.state.log.by('contain').length, 1);
    });

    it('fails the operation where a stranger changed the tags after acceptance', async () => {
      const { compute, done, requestId, world } = given();
      const raw = addRichVm(given());
      const of = { vm: vmOf(raw), items: ['a'], fingerprint: raw.tags.fingerprint, requestId: requestId() };
      const accepted = await compute.setTags(of);
      world.stranger.setTags(URL, ['theirs']);
      assert.equal((await done(accepted)).error?.means, 'conflict');
      assert.deepEqual((await compute.instance({ ...AT, name: 'n1' }))?.tags.items, ['theirs']);
    });

    it('takes metadata the same way', async () => {
      const { compute, done, requestId } = given();
      const raw = addRichVm(given());
      const of = { vm: vmOf(raw), items: { 'ssh-keys': 'a:b' }, fingerprint: raw.metadata.fingerprint };
      await done(await compute.setMetadata({ ...of, requestId: requestId() }));
      assert.deepEqual((await compute.instance({ ...AT, name: 'n1' }))?.metadata.items, { 'ssh-keys': 'a:b' });
      await assert.rejects(compute.setMetadata({ ...of, items: {}, requestId: requestId() }), Conflict);
    });

    it('that was made again under its name is not changed by the old id', async () => {
      const { advance, compute, requestId, world } = given();
      const group = world.addGroup({ ...AT, name: 'g1', members: ['n1'] });
      const old = group.members[0]?.id ?? '';
      world.stranger.recreate(URL);
      advance(world.state.durations.group);
      const again = await compute.instance({ ...AT, name: 'n1' });
      assert.ok(again && again.id !== old);
      const { fingerprint } = again.tags;
      const vm = { ...AT, id: old };
      assert.equal(await compute.setTags({ vm, items: ['x'], fingerprint, requestId: requestId() }), 'gone');
      assert.equal(await compute.deleteInstance({ vm, requestId: requestId() }), 'gone');
      assert.deepEqual(world.state.log.by('contain'), []);
    });

    it('goes with the disks that are to go with it, not with a kept or a shared one', async () => {
      const { compute, done, requestId, world } = given();
      const raw = addRichVm(given());
      const vm = vmOf(raw);
      const of = { vm, deviceName: 'persistent-disk-0', autoDelete: false, requestId: requestId() };
      await done(await compute.setDiskAutoDelete(of));
      await done(await compute.deleteInstance({ vm, requestId: requestId() }));
      assert.equal(await compute.instance({ ...AT, name: 'n1' }), undefined);
      assert.ok(await compute.disk('projects/p1/zones/europe-west1-b/disks/n1'));
      assert.ok(await compute.disk('projects/p1/zones/europe-west1-b/disks/shared'));
      assert.equal(await compute.disk('projects/p1/regions/europe-west1/disks/r1'), undefined);
      assert.equal(await compute.deleteInstance({ vm, requestId: requestId() }), 'gone');
      assert.equal(world.state.log.by('contain').filter(({ verb }) => verb === 'delete').length, 1);
    });
  });
};
