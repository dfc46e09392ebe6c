import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { ComputeFailure } from '../../../shared/adapters/compute-failure.ts';
import { computePorts } from '../../../shared/adapters/compute-ports.ts';
import { Conflict, Malformed, Transient } from '../../../shared/errors.ts';
import { decisionKit, findingOn, podNamed, targetOf } from '../../kit/decision.ts';

const VM = {
  id: '4512345678901234567',
  name: 'n1',
  status: 'RUNNING',
  creationTimestamp: '2026-03-02T02:00:00Z',
  tags: { fingerprint: 'a' },
  metadata: { fingerprint: 'a' },
};
const AT = { project: 'p1', zone: 'europe-west1-b', name: 'n1' };
const GROUP = 'projects/p1/zones/europe-west1-b/instanceGroupManagers/g1';
const REQUEST = '00000000-0000-4000-8000-000000000001';
const answering = (reply: unknown) => computePorts(async () => reply);

describe('replies of Compute Engine', () => {
  const replies: Array<[string, unknown]> = [
    ['empty', {}],
    ['a page of a proxy', '<html>busy</html>'],
    ['cut off', { ...VM, tags: undefined }],
    ['of no time', { ...VM, creationTimestamp: 'yesterday' }],
  ];
  for (const [what, reply] of replies)
    it(`throw Transient if a reply is ${what}`, async () => {
      await assert.rejects(answering(reply).instance(AT), Transient);
    });

  it('throw Transient for every kind of resource, and for a change', async () => {
    const ports = answering({ kind: 'compute#something' });
    const vm = { project: 'p1', zone: 'europe-west1-b', id: VM.id };
    await assert.rejects(ports.disk('projects/p1/zones/europe-west1-b/disks/d1'), Transient);
    await assert.rejects(ports.firewall({ project: 'p1', name: 'f1' }), Transient);
    await assert.rejects(ports.group(GROUP), Transient);
    await assert.rejects(ports.setTags({ vm, items: [], fingerprint: 'a', requestId: REQUEST }), Transient);
  });

  it('throw Transient if a listing contains something unreadable or does not end', async () => {
    await assert.rejects(answering({ items: [{ id: '1' }] }).snapshotsOf({ project: 'p1', id: '2' }), Transient);
    const managedInstances = [{ instance: 'https://x.example.com/vm' }];
    await assert.rejects(answering({ managedInstances }).managedInstances(GROUP), Transient);
    await assert.rejects(answering({ nextPageToken: 'more' }).managedInstances(GROUP), Transient);
  });

  it('hold no finding up, since the node says the id of its VM too', async () => {
    const kit = decisionKit();
    kit.ports.compute = answering({ id: '123', name: 'x' });
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart'))));
    const [subject] = (await kit.incident()).subjects;
    assert.ok(subject?.kind === 'pod' && subject.host?.unconfirmed === true && subject.host.id !== '123');
  });

  it('are read although they contain an unknown enum value', async () => {
    const disks = [
      { deviceName: 'a', type: 'PERSISTENT', mode: 'READ_WRITE' },
      { deviceName: 'b', type: 'HOLOGRAPHIC', mode: 'READ_MANY' },
      { deviceName: 'c', type: 'SCRATCH' },
    ];
    const vm = await answering({ ...VM, status: 'DREAMING', disks }).instance(AT);
    assert.equal(vm?.status, 'DREAMING');
    assert.deepEqual(
      vm?.disks.map(({ type, mode }) => [type, mode]),
      [
        ['PERSISTENT', 'READ_WRITE'],
        ['UNKNOWN', 'READ_MANY'],
        ['SCRATCH', 'READ_WRITE'],
      ],
    );
    const operation = await answering({ name: 'o1', status: 'QUEUED' }).operation('projects/p1/global/operations/o1');
    assert.equal(operation?.done, false);
    const copied = {
      id: '1',
      name: 's1',
      status: 'COPYING',
      creationTimestamp: VM.creationTimestamp,
      sourceDisk: 'projects/p1/zones/europe-west1-b/disks/d1',
      sourceDiskId: '2',
    };
    const [snapshot] = await answering({ items: [copied] }).snapshotsOf({ project: 'p1', id: '2' });
    assert.equal(snapshot?.status, 'UNKNOWN');
  });

  it('tell the error of an operation once it is over, also of one that only says its status', async () => {
    const read = async (reply: object) =>
      (await answering({ name: 'o1', ...reply }).operation('projects/p1/global/operations/o1'))?.error;
    const error = { errors: [{ code: 'RESOURCE_NOT_FOUND', message: 'no' }, { code: 'OTHER' }] };
    const failed = { httpErrorStatusCode: 404, httpErrorMessage: 'NOT FOUND' };
    assert.equal(await read({ status: 'RUNNING', ...failed, error }), undefined);
    assert.deepEqual(await read({ status: 'DONE', ...failed, error }), {
      code: 'RESOURCE_NOT_FOUND',
      message: 'no; OTHER',
      status: 404,
      means: 'gone',
    });
    assert.deepEqual(await read({ status: 'DONE', ...failed }), {
      code: 'NOT FOUND',
      message: '',
      status: 404,
      means: 'gone',
    });
    assert.equal((await read({ status: 'DONE', httpErrorStatusCode: 500 }))?.code, 'UNKNOWN');
    assert.equal(await read({ status: 'DONE', httpErrorStatusCode: 200 }), undefined);
    const long = { errors: [{ code: 'INVALID', message: 'x'.repeat(5_000) }] };
    assert.equal((await read({ status: 'DONE', error: long }))?.message.length, 1_000);
  });

  it('put network policies first if they do not name their network', async () => {
    const rule = { action: 'allow', direction: 'INGRESS', priority: 5 };
    const network = 'https://x.example.com/network';
    const ports = answering({
      ...VM,
      networkInterfaces: [{ name: 'nic0', network }],
      firewallPolicys: [{ type: 'NETWORK', name: 'net', rules: [rule] }],
      firewalls: [{ ...VM, ...rule, network }],
    });
    const rules = await ports.effectiveFirewalls(AT, 'nic0');
    assert.deepEqual(
      rules?.map(({ source }) => source),
      ['network-policy', 'vpc'],
    );
  });

  it('are not involved in a malformed request, which throws Malformed and is not sent', async () => {
    const ports = computePorts(async () => {
      throw new ComputeFailure('it was sent');
    });
    await assert.rejects(ports.instance({ ...AT, name: '../n1' }), Malformed);
    await assert.rejects(ports.disk('projects/p1/zones/europe-west1-b/networks/d1'), Malformed);
    await assert.rejects(ports.managedInstances('g1'), Malformed);
    await assert.rejects(ports.operation('o1'), Malformed);
    const vm = { project: 'p1', zone: 'europe-west1-b', id: VM.id };
    const of = { vm, requestId: REQUEST };
    const config = { name: 'External NAT', type: 'ONE_TO_ONE_NAT' };
    for (const change of [
      () => ports.deleteInstance({ vm: { ...vm, id: '../n1' }, requestId: REQUEST }),
      () => ports.deleteInstance({ vm: { ...vm, id: 'n1' }, requestId: REQUEST }),
      () => ports.setTags({ ...of, items: ['a', 'b c'], fingerprint: 'a' }),
      () => ports.setMetadata({ ...of, items: { 'a b': '' }, fingerprint: 'a' }),
      () => ports.setDiskAutoDelete({ ...of, deviceName: 'd&x=1', autoDelete: false }),
      () => ports.deleteAccessConfig({ ...of, nic: 'nic0&x=1', name: config.name }),
      () => ports.deleteAccessConfig({ ...of, nic: 'nic0', name: 'a&x=1' }),
      () => ports.addAccessConfig({ ...of, nic: 'eth0', config }),
      () => ports.addAccessConfig({ ...of, nic: 'nic0', config: { ...config, name: '' } }),
      () => ports.resizeGroup({ group: GROUP, size: -1, requestId: REQUEST }),
      () => ports.resizeGroup({ group: GROUP, size: 0.5, requestId: REQUEST }),
    ])
      await assert.rejects(change, Malformed, String(change));
  });

  it('are final where an organization policy refused, and a conflict where a fingerprint is stale', async () => {
    const refusing = (message: string) =>
      computePorts(async () => {
        throw new ComputeFailure(message, 412, 'conditionNotMet');
      }).setTags({
        vm: { project: 'p1', zone: 'europe-west1-b', id: VM.id },
        items: [],
        fingerprint: 'a',
        requestId: REQUEST,
      });
    const policy = 'Constraint constraints/compute.vmExternalIpAccess violated for project p1.';
    await assert.rejects(refusing(policy), Malformed);
    await assert.rejects(refusing('Supplied fingerprint does not match current metadata fingerprint.'), Conflict);
  });
});
