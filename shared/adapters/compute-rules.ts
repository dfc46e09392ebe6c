import { parseComputeUrl } from '../compute-url.ts';
import { Denied } from '../errors.ts';
import { isComputeName, isProjectId } from '../kubernetes/names.ts';
import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { allPages, changed, checkedUrl, checkRequestId, fits, made, orUndefined } from './compute-calls.ts';
import { errorOf, isGone } from './compute-failure.ts';
import { firewallResource, hasNetworkPolicies, readEffective, readFirewall } from './compute-firewalls.ts';
import { readInstance } from './compute-instances.ts';
import { readReply } from './compute-read.ts';
import { firewallPage, networkReply } from './compute-shapes.ts';
import { isNicName, vmAt } from './compute-vms.ts';

/**
 * The network's own setting. Without the right to read it: the order that shows more rules that could let traffic
 * through.
 */
const policyOrder = async (call: ComputeCall, network: string): Promise<'before-vpc' | 'after-vpc'> => {
  const at = parseComputeUrl(network);
  if (at?.collection !== 'networks') return 'before-vpc';
  const { project, name } = at;
  try {
    const reply = readReply('a network', networkReply, await call('Networks.Get', { project, network: name }));
    return reply.networkFirewallPolicyEnforcementOrder === 'BEFORE_CLASSIC_FIREWALL' ? 'before-vpc' : 'after-vpc';
  } catch (thrown) {
    if (isGone(thrown) || errorOf(thrown, 'network') instanceof Denied) return 'before-vpc';
    throw thrown;
  }
};

type RulePorts = Pick<ComputeReader, 'effectiveFirewalls' | 'firewall' | 'firewallsNamed'> &
  Pick<ComputeWriter, 'insertFirewall' | 'deleteFirewall'>;

/** The ports for firewall rules. */
export const rulePorts = (call: ComputeCall): RulePorts => ({
  effectiveFirewalls: async (ref, nic) => {
    const at = vmAt(ref);
    fits(isNicName(nic), 'the name of an interface', nic);
    return orUndefined(`firewalls of ${ref.zone}/${ref.name}`, async () => {
      const reply = await call('Instances.GetEffectiveFirewalls', { ...at, networkInterface: nic });
      if (!hasNetworkPolicies(reply)) return readEffective(reply, 'after-vpc');
      const vm = readInstance(at, await call('Instances.Get', at));
      const network = vm.interfaces.find((each) => each.name === nic)?.network;
      return readEffective(reply, network === undefined ? 'before-vpc' : await policyOrder(call, network));
    });
  },
  firewall: async ({ project, name }) => {
    fits(isProjectId(project) && isComputeName(name), 'the place of a firewall rule', { project, name });
    return orUndefined(`firewall rule ${name}`, async () =>
      readFirewall(await call('Firewalls.Get', { project, firewall: name })),
    );
  },
  firewallsNamed: async ({ project, names }) => {
    fits(isProjectId(project) && names.every(isComputeName), 'the names of firewall rules', { project, names });
    const filter = names.map((name) => `(name = "${name}")`).join(' OR ');
    const found = await orUndefined(`firewall rules ${names.join(', ')}`, () =>
      allPages(async (from) => {
        const reply = await call('Firewalls.List', { project, filter, maxResults: 500, ...from });
        const page = readReply('firewall rules', firewallPage, reply);
        return { items: page.items.map(readFirewall), next: page.nextPageToken };
      }),
    );
    return found ?? [];
  },
  insertFirewall: async ({ rule, requestId }) => {
    checkRequestId(requestId);
    const { project } = checkedUrl(rule.network, 'networks');
    const tags = [...rule.targetTags, ...(rule.sourceTags ?? [])];
    fits(isComputeName(rule.name) && tags.every(isComputeName), 'a firewall rule', rule.name);
    return made(`firewall rule ${rule.name}`, { project }, () =>
      call('Firewalls.Insert', { project, requestId, firewallResource: firewallResource(rule) }),
    );
  },
  deleteFirewall: async ({ project, name, requestId }) => {
    checkRequestId(requestId);
    fits(isProjectId(project) && isComputeName(name), 'the place of a firewall rule', { project, name });
    return changed(`firewall rule ${name}`, { project }, () =>
      call('Firewalls.Delete', { project, requestId, firewall: name }),
    );
  },
});
