import { z } from 'zod';
import { findNic } from './addresses.ts';
import { notFound } from './fault.ts';
import { findInstance, instanceUrl } from './instances.ts';
import { global, type Method, method, zonal } from './method.ts';
import type { RawFirewall, RawInstance } from './resources.ts';
import { type ComputeState, partial } from './state.ts';

const targets = (firewall: RawFirewall, instance: RawInstance): boolean => {
  const { targetTags = [], targetServiceAccounts = [] } = firewall;
  if (targetTags.length > 0) return targetTags.some((tag) => instance.tags.items?.includes(tag));
  const accounts = instance.serviceAccounts ?? [];
  return targetServiceAccounts.length === 0 || accounts.some(({ email }) => targetServiceAccounts.includes(email));
};

const effective = (
  state: ComputeState,
  at: { project: string; zone: string; instance: string; networkInterface: string },
) => {
  const instance = findInstance(state, at);
  const network = partial(findNic(instance, at.networkInterface).network);
  return {
    firewallPolicys: state.policies.filter((each) => (each.network ?? network) === network).map(({ policy }) => policy),
    firewalls: [...state.firewalls.values()].filter(
      (firewall) => partial(firewall.network) === network && targets(firewall, instance),
    ),
  };
};

const networkUrl = (at: { project: string; network: string }): string =>
  `projects/${at.project}/global/networks/${at.network}`;

/**
 * The methods for the rules in effect: `Instances.GetEffectiveFirewalls`, and `Networks.Get` for the network that they
 * are in.
 */
export const effectiveMethods: Record<string, Method> = {
  'Networks.Get': method(
    ['compute.networks.get'],
    z.object({ ...global, network: z.string() }),
    networkUrl,
    (state, _, at) => {
      const network = state.networks.get(networkUrl(at));
      if (network === undefined) throw notFound(networkUrl(at));
      return network;
    },
  ),
  'Instances.GetEffectiveFirewalls': method(
    ['compute.instances.getEffectiveFirewalls'],
    z.object({ ...zonal, instance: z.string(), networkInterface: z.string() }),
    instanceUrl,
    (state, _, at) => effective(state, at),
  ),
};
