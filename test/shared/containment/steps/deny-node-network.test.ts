import { strict as assert } from 'node:assert';
import { ROOT } from '../../../../local/world/compute/state.ts';
import { SHOP_NETWORK } from '../../../../local/world/seed.ts';
import { firewallResource } from '../../../../shared/adapters/compute-firewalls.ts';
import { quarantineRules } from '../../../../shared/containment/quarantine-rules.ts';
import { denyNodeNetwork } from '../../../../shared/containment/steps/deny-node-network.ts';
import { Transient } from '../../../../shared/errors.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  openIncident,
  podNamed,
  subjectOf,
  vmOf,
} from '../../../kit/containment.ts';
import { addNetworkPolicy, carry, releaseStep, STEP_INCIDENT, STRANGER, verifyAgain } from '../../../kit/step.ts';

stepContract({
  step: denyNodeNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      addNetworkPolicy(kit);
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
    },
  ],
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      if (instance.tags.items?.includes('firebreak-quarantine') === true)
        kit.world.compute.stranger.setTags(url, ['gke-c1-node'], STRANGER);
  },
  leaves: { path: /^firewalls /, because: 'the deny rules concern nothing without the tag, and Terraform owns them' },
});

describe('containment/steps/deny-node-network', () => {
  for (const [order, proof] of [
    ['AFTER', 'proven'],
    ['BEFORE', 'not proven'],
  ] as const)
    it(`is ${proof} under a network policy evaluated ${order} the VPC rules, with only the rights that it declares`, async () => {
      const kit = containmentKit();
      addNetworkPolicy(kit, order);
      kit.world.compute.grant(CONTAIN, denyNodeNetwork.permissions.iam);
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork);
      assert.equal(carried?.entry.proof, proof, carried?.entry.because);
    });

  for (const [reason, status, expected] of [
    ['forbidden', 403, 'pending'],
    ['quotaExceeded', 403, 'pending'],
    ['invalid', 400, 'applied'],
  ] as const)
    it(`cuts a node off from the network whose rules exist, where those of another are refused as ${reason}`, async () => {
      const kit = containmentKit();
      const { compute } = kit.world;
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const extra = 'projects/host-1/global/networks/extra';
      compute.addNetwork({ project: 'host-1', name: 'extra' });
      const [nic] = vmOf(kit, subject.host)?.networkInterfaces ?? [];
      assert.ok(nic);
      vmOf(kit, subject.host)?.networkInterfaces.push({
        ...nic,
        name: 'nic1',
        network: ROOT + extra,
        accessConfigs: [],
      });
      for (const rule of quarantineRules(SHOP_NETWORK))
        compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
      compute.script({ method: 'Firewalls.Insert', kind: 'refuse', status, reason, times: 1_000_000 });
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork, undefined, 5);
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), true);
      assert.equal(carried?.entry.state, expected, carried?.entry.because);
      assert.match(carried.entry.because ?? '', new RegExp(`rule firebreak-extra-.*${reason}`));
      compute.state.scripts = [];
      const [later] = await carry(kit, denyNodeNetwork);
      assert.equal(later?.entry.state, 'applied', later?.entry.because);
      assert.equal(later.entry.proof, expected === 'pending' ? 'proven' : 'not proven', later.entry.because);
      await releaseStep(kit, denyNodeNetwork);
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), false);
    });

  for (const [flaw, change] of [
    ['is disabled', { disabled: true }],
    ['allows', { denied: undefined, allowed: [{ IPProtocol: 'all' }] }],
    ['comes too late', { priority: 1000 }],
    ['is for fewer protocols', { denied: [{ IPProtocol: 'tcp' }] }],
    ['is for fewer addresses', { destinationRanges: ['10.0.0.0/8'] }],
    ['is for another tag', { targetTags: ['web'] }],
    ['is for another direction', { direction: 'INGRESS', destinationRanges: undefined, sourceRanges: ['0.0.0.0/0'] }],
  ] as const)
    it(`names a rule of its own that ${flaw}, and sets the tag`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const rule = quarantineRules(SHOP_NETWORK).find(
        (r) => r.direction === 'EGRESS' && r.ranges.includes('0.0.0.0/0'),
      );
      assert.ok(rule);
      const given = Object.entries({ ...firewallResource(rule), ...change }).filter(([, value]) => value !== undefined);
      kit.world.compute.stranger.addFirewall({ project: 'p1', name: rule.name, ...Object.fromEntries(given) });
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork);
      assert.equal(carried?.entry.state, 'applied');
      assert.match(carried.entry.because ?? '', new RegExp(`rule ${rule.name} is not the deny-all it should be`));
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), true);
    });

  it('takes a rule that comes earlier than ours for what it should be', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const rule = quarantineRules(SHOP_NETWORK).find((r) => r.priority === 1);
    assert.ok(rule);
    kit.world.compute.stranger.addFirewall({ project: 'p1', ...firewallResource({ ...rule, priority: 0 }) });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.equal(carried?.entry.proof, 'proven');
    assert.doesNotMatch(carried.entry.because ?? '', /not the deny-all/);
  });

  it('sets the tag only once the rules are there', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    kit.world.compute.state.durations.running = 5_000;
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, denyNodeNetwork);
    const changes = changesOf(kit);
    assert.equal(
      changes.findIndex((line) => line.startsWith('setTags')),
      4,
      changes.join('\n'),
    );
  });

  it('asks for the rules in one call before it sets the tag, and by their names no more, however long the tag takes', async () => {
    const kit = containmentKit();
    for (const rule of quarantineRules(SHOP_NETWORK))
      kit.world.compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
    kit.world.compute.state.durations.running = 20_000;
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const { compute } = kit.ports;
    const read: Array<readonly string[]> = [];
    const firewallsNamed: typeof compute.firewallsNamed = (of) => {
      read.push(of.names);
      return compute.firewallsNamed(of);
    };
    const [carried] = await carry(
      { ...kit, ports: { ...kit.ports, compute: { ...compute, firewallsNamed } } },
      denyNodeNetwork,
    );
    assert.equal(carried?.entry.proof, 'proven', carried?.entry.because);
    assert.deepEqual(read, [quarantineRules(SHOP_NETWORK).map(({ name }) => name)]);
  });

  it('fails on a VM that has as many tags as there may be, and says what to do', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const { project, zone, instance } = subject.host ?? assert.fail();
    const tags = Array.from({ length: 64 }, (_, n) => `t${n}`);
    kit.world.compute.stranger.setTags(`projects/${project}/zones/${zone}/instances/${instance}`, tags);
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.equal(carried?.entry.state, 'failed');
    assert.equal(
      carried.entry.because,
      'not cut: the VM has 64 network tags already, as many as there may be: remove one and ask again, or ask for delete-host',
    );
    assert.deepEqual(vmOf(kit, subject.host)?.tags.items, tags);
  });

  it('sets the tag where an answer was lost and somebody else has set another tag meanwhile, on a release as well', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { project, zone, instance } = subject.host ?? assert.fail();
    const url = `projects/${project}/zones/${zone}/instances/${instance}`;
    const tags = () => vmOf(kit, subject.host)?.tags.items ?? [];
    const before = [...tags()];
    const lost = () => kit.world.compute.script({ kind: 'lose-reply', method: 'Instances.SetTags' });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    lost();
    await assert.rejects(carry(kit, denyNodeNetwork), Transient);
    kit.world.compute.stranger.setTags(url, [...tags(), 'theirs'], STRANGER);
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.deepEqual(tags(), [...before, 'theirs', 'firebreak-quarantine']);
    lost();
    await assert.rejects(releaseStep(kit, denyNodeNetwork), Transient);
    kit.world.compute.stranger.setTags(url, [...tags(), 'more'], STRANGER);
    const [released] = await releaseStep(kit, denyNodeNetwork);
    assert.equal(released?.state, 'undone', released?.because);
    assert.deepEqual(tags(), [...before, 'theirs', 'more']);
  });

  it('fails where the tag is refused, and says why', async () => {
    const kit = containmentKit();
    const refusal = { kind: 'refuse', status: 400, reason: 'invalid', message: 'no more tags' } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.SetTags' });
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /^tag: .*no more tags/);
  });

  for (const rulesAreThere of [true, false])
    it(`leaves a tag that somebody else has set, also on a release, where the rules are ${rulesAreThere ? 'there' : 'still to be made'}`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const tags = () => vmOf(kit, subject.host)?.tags.items ?? [];
      const { project, zone, instance } = subject.host ?? assert.fail();
      const url = `projects/${project}/zones/${zone}/instances/${instance}`;
      kit.world.compute.stranger.setTags(url, [...tags(), 'firebreak-quarantine'], STRANGER);
      if (rulesAreThere)
        for (const rule of quarantineRules(SHOP_NETWORK))
          kit.world.compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
      const before = [...tags()];
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork);
      assert.ok(carried);
      assert.deepEqual([carried.entry.state, carried.entry.proof], [rulesAreThere ? 'skipped' : 'applied', 'proven']);
      assert.equal((await verifyAgain(kit, carried)).proof, 'proven', 'the node is cut off');
      if (rulesAreThere) assert.match(carried.entry.because ?? '', /it is not ours, so a release does not remove it/);
      const [released] = await releaseStep(kit, denyNodeNetwork);
      if (!rulesAreThere) assert.match(released?.because ?? '', /the tag was there before us and stays/);
      assert.deepEqual(tags(), before);
    });

  it('cuts off a node from both of its networks where they have one name in two projects, and the rules of one are there', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const name = SHOP_NETWORK.split('/').at(-1) ?? '';
    kit.world.compute.addNetwork({ project: 'host-1', name });
    const [nic] = vmOf(kit, subject.host)?.networkInterfaces ?? [];
    assert.ok(nic);
    const network = `${ROOT}projects/host-1/global/networks/${name}`;
    vmOf(kit, subject.host)?.networkInterfaces.push({ ...nic, name: 'nic1', network, accessConfigs: [] });
    for (const rule of quarantineRules(SHOP_NETWORK))
      kit.world.compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.equal(carried?.entry.proof, 'proven', carried?.entry.because);
    assert.deepEqual(
      changesOf(kit).map((line) => line.split(' ')[0]),
      [...Array(4).fill('insert'), 'setTags'],
      'the tag comes after the rules',
    );
  });

  it('sets no tag and fails with the reasons where every rule is refused: the tag alone cuts nothing', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const refusal = { kind: 'refuse', status: 400, reason: 'invalid', message: 'no rules here', times: 1000 } as const;
    kit.world.compute.script({ ...refusal, method: 'Firewalls.Insert' });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, denyNodeNetwork);
    assert.equal(carried?.entry.state, 'failed', carried?.entry.because);
    assert.equal((carried.entry.because ?? '').match(/no rules here/g)?.length, 4);
    assert.deepEqual(changesOf(kit), []);
  });

  it('sets no tag, and makes the rules and then the tag once the right is granted, where every rule is denied', async () => {
    const kit = containmentKit();
    const { compute } = kit.world;
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    compute.script({ method: 'Firewalls.Insert', kind: 'refuse', status: 403, reason: 'forbidden', times: 1_000_000 });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, denyNodeNetwork, undefined, 5);
    assert.equal(carried?.entry.state, 'pending', carried?.entry.because);
    assert.match(carried.entry.because ?? '', /forbidden/);
    assert.doesNotMatch(carried.entry.because ?? '', /the tag is set/);
    assert.deepEqual(changesOf(kit), []);
    compute.state.scripts = [];
    const [later] = await carry(kit, denyNodeNetwork);
    assert.deepEqual([later?.entry.state, later?.entry.proof], ['applied', 'proven'], later?.entry.because);
  });

  it('says on a release that the tag stays where the service does not find the VM, which is there', async () => {
    for (const trouble of [
      { kind: 'refuse', status: 404, reason: 'notFound' },
      { kind: 'fail-operation', status: 404, code: 'RESOURCE_NOT_FOUND' },
    ] as const) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, denyNodeNetwork);
      kit.world.compute.script({ ...trouble, method: 'Instances.SetTags' });
      const [entry] = await releaseStep(kit, denyNodeNetwork);
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), true);
      assert.equal(entry?.state, 'not-undoable');
      assert.match(entry.because ?? '', /^the VM still carries the tag, although /);
    }
  });

  it('says on a release that the VM is gone, or why the tag stays', async () => {
    for (const [gone, state, because] of [
      [true, 'undone', /is gone, or another VM now has its name: nothing is left to take back$/],
      [false, 'not-undoable', /^untag: .*no tags today/],
    ] as const) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, denyNodeNetwork);
      const { project, zone, instance } = subject.host ?? assert.fail();
      if (gone) kit.world.compute.stranger.deleteInstance(`projects/${project}/zones/${zone}/instances/${instance}`);
      const refusal = { kind: 'refuse', status: 400, reason: 'invalid', message: 'no tags today' } as const;
      kit.world.compute.script({ ...refusal, method: 'Instances.SetTags' });
      const [entry] = await releaseStep(kit, denyNodeNetwork);
      assert.equal(entry?.state, state);
      assert.match(entry.because ?? '', because);
    }
  });
});
