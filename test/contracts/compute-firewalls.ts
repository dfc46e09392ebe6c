import { strict as assert } from 'node:assert';
import type { RawPolicy } from '../../local/world/compute/resources.ts';
import { firewallResource } from '../../shared/adapters/compute-firewalls.ts';
import { Malformed } from '../../shared/errors.ts';
import type { FirewallRule } from '../../shared/model/firewall.ts';
import type { ComputeCase } from './compute.ts';

const AT = { project: 'p1', zone: 'europe-west1-b', name: 'n1' };
const NETWORK = 'projects/p1/global/networks/default';

const rule = (change: Partial<FirewallRule> = {}): FirewallRule => ({
  name: 'firebreak-deny-in-v4',
  network: NETWORK,
  direction: 'INGRESS',
  action: 'deny',
  priority: 1,
  ranges: ['0.0.0.0/0'],
  protocols: ['all'],
  targetTags: ['firebreak-quarantine'],
  logging: true,
  ...change,
});

const policy = (type: RawPolicy['type'], name: string, ...priorities: number[]): RawPolicy => ({
  type,
  name,
  rules: priorities.map((priority) => ({
    kind: 'compute#firewallPolicyRule',
    priority,
    action: 'allow',
    direction: 'INGRESS',
    match: { srcIpRanges: ['10.0.0.0/8'], layer4Configs: [{ ipProtocol: 'tcp', ports: ['22', '443'] }] },
  })),
});

/** Cases for firewall rules: Firebreak's own, and those in effect on an interface. */
export const computeFirewallContract = (given: () => ComputeCase): void => {
  describe('a firewall rule', () => {
    beforeEach(() => given().world.addInstance({ ...AT, tags: ['firebreak-quarantine'] }));

    it('is made as it was asked for, once, and goes', async () => {
      const { compute, done, requestId, world } = given();
      for (const each of [
        rule(),
        rule({ name: 'firebreak-deny-out-v6', direction: 'EGRESS', priority: 0, ranges: ['::/0'] }),
        rule({ name: 'firebreak-ssh', action: 'allow', priority: 0, ranges: ['192.0.2.1/32'], protocols: ['tcp:22'] }),
        rule({ name: 'firebreak-tagged', action: 'allow', ranges: [], sourceTags: ['bastion'], protocols: ['tcp:22'] }),
      ]) {
        assert.equal(
          (await done(await compute.insertFirewall({ rule: each, requestId: requestId() }))).error,
          undefined,
        );
        const { id, createdAt, disabled, network, ...read } = (await compute.firewall({
          project: 'p1',
          name: each.name,
        })) ?? {
          network: '',
        };
        assert.deepEqual({ ...read, network: network.replace(/^.*\/projects/, 'projects') }, each);
      }
      assert.equal(await compute.insertFirewall({ rule: rule(), requestId: requestId() }), 'exists');
      const at = { project: 'p1', name: rule().name };
      await done(await compute.deleteFirewall({ ...at, requestId: requestId() }));
      assert.equal(await compute.firewall(at), undefined);
      assert.equal(await compute.deleteFirewall({ ...at, requestId: requestId() }), 'gone');
      assert.equal(world.state.log.by('contain').length, 5);
    });

    it('is found with others by its name, over all pages, and nothing else is', async () => {
      const { compute, world } = given();
      for (const name of ['firebreak-a', 'firebreak-b', 'firebreak-c'])
        world.stranger.addFirewall({ project: 'p1', ...firewallResource(rule({ name })) });
      world.state.pageLimit = 1;
      const found = await compute.firewallsNamed({ project: 'p1', names: ['firebreak-a', 'firebreak-c', 'none'] });
      assert.deepEqual(
        found.map(({ name }) => name),
        ['firebreak-a', 'firebreak-c'],
      );
      assert.deepEqual(found[0], await compute.firewall({ project: 'p1', name: 'firebreak-a' }));
      assert.deepEqual(await compute.firewallsNamed({ project: 'p1', names: ['none'] }), []);
      const hostile = { project: 'p1', names: ['a") OR (name != "'] };
      await assert.rejects(compute.firewallsNamed(hostile), Malformed);
    });

    it('holds IPv4 or IPv6, never both, and needs a network that is there', async () => {
      const { compute, requestId } = given();
      const mixed = rule({ ranges: ['0.0.0.0/0', '::/0'] });
      await assert.rejects(compute.insertFirewall({ rule: mixed, requestId: requestId() }), Malformed);
      const lost = rule({ network: 'projects/p1/global/networks/none' });
      await assert.rejects(compute.insertFirewall({ rule: lost, requestId: requestId() }), Malformed);
      const tooLow = rule({ priority: 65536 });
      await assert.rejects(compute.insertFirewall({ rule: tooLow, requestId: requestId() }), Malformed);
    });
  });

  describe('the rules on an interface', () => {
    beforeEach(() => {
      const { world } = given();
      world.addInstance({
        ...AT,
        tags: ['firebreak-quarantine'],
        nics: [{}, { network: 'projects/p1/global/networks/second' }],
      });
      world.addFirewall({
        project: 'p1',
        name: 'allow-web',
        priority: 1,
        allowed: [{ IPProtocol: 'tcp', ports: ['80'] }],
      });
      world.addFirewall({
        project: 'p1',
        name: 'deny-ours',
        priority: 1,
        denied: [{ IPProtocol: 'all' }],
        targetTags: ['firebreak-quarantine'],
        logConfig: { enable: true },
      });
      world.addFirewall({
        project: 'p1',
        name: 'allow-tagged',
        priority: 0,
        allowed: [{ IPProtocol: 'udp' }],
        sourceTags: ['web'],
      });
      world.addFirewall({ project: 'p1', name: 'off', priority: 0, disabled: true, allowed: [{ IPProtocol: 'tcp' }] });
      world.addFirewall({ project: 'p1', name: 'others', allowed: [{ IPProtocol: 'tcp' }], targetTags: ['web'] });
      world.addFirewall({
        project: 'p1',
        name: 'second-only',
        network: 'projects/p1/global/networks/second',
        allowed: [{ IPProtocol: 'tcp' }],
      });
    });
    const order = async (nic = 'nic0') =>
      (await given().compute.effectiveFirewalls(AT, nic))?.map(({ source, name }) => `${source} ${name}`);

    it('come in the order in which the first match decides, a deny before an allow', async () => {
      assert.deepEqual(await order(), ['vpc allow-tagged', 'vpc deny-ours', 'vpc allow-web']);
      assert.deepEqual(await order('nic1'), ['vpc second-only']);
      const [tagged, ours] = (await given().compute.effectiveFirewalls(AT, 'nic0')) ?? [];
      assert.equal(tagged?.byRangesOnly, false);
      assert.deepEqual(ours, {
        source: 'vpc',
        name: 'deny-ours',
        direction: 'INGRESS',
        action: 'deny',
        priority: 1,
        targetTags: ['firebreak-quarantine'],
        targetServiceAccounts: [],
        ranges: ['0.0.0.0/0'],
        byRangesOnly: true,
        protocols: ['all'],
        logging: true,
      });
    });

    it('begin with hierarchical and Google-managed policies, and end with network policies', async () => {
      const { compute, world } = given();
      world.addPolicy(policy('NETWORK', 'net', 5), NETWORK);
      world.addPolicy(policy('SYSTEM_REGIONAL', 'gke'.concat('-system'), 1));
      world.addPolicy(policy('HIERARCHY', 'org', 20, 10));
      const rules = await compute.effectiveFirewalls(AT, 'nic0');
      assert.deepEqual(
        rules?.map(({ source, name }) => `${source} ${name}`),
        [
          'hierarchy org#10',
          'hierarchy org#20',
          'system gke-system#1',
          'vpc allow-tagged',
          'vpc deny-ours',
          'vpc allow-web',
          'network-policy net#5',
        ],
      );
      assert.deepEqual(rules?.[0]?.protocols, ['tcp:22', 'tcp:443']);
      assert.deepEqual([rules?.[0]?.ranges, rules?.[0]?.byRangesOnly], [['10.0.0.0/8'], true]);
    });

    it('have network policies first where the network says so, or where it may not be asked', async () => {
      const { world } = given();
      world.addPolicy(policy('NETWORK', 'net', 5), NETWORK);
      const network = world.state.networks.get(NETWORK);
      assert.ok(network);
      network.networkFirewallPolicyEnforcementOrder = 'BEFORE_CLASSIC_FIREWALL';
      assert.equal((await order())?.[0], 'network-policy net#5');
      network.networkFirewallPolicyEnforcementOrder = 'AFTER_CLASSIC_FIREWALL';
      assert.equal((await order())?.[0], 'vpc allow-tagged');
      world.grant('contain', ['compute.instances.get', 'compute.instances.getEffectiveFirewalls']);
      assert.equal((await order())?.[0], 'network-policy net#5');
    });

    it('are undefined where the VM is not there', async () => {
      assert.equal(await given().compute.effectiveFirewalls({ ...AT, name: 'n2' }, 'nic0'), undefined);
    });
  });
};
