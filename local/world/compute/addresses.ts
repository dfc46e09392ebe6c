import { z } from 'zod';
import { invalid } from './fault.ts';
import { type Changing, change, changing, instanceUrl } from './instances.ts';
import { type Caller, type Method, method } from './method.ts';
import type { RawAccessConfig, RawInstance, RawNic } from './resources.ts';
import { type ComputeState, fingerprintOf } from './state.ts';

/** Finds an interface of a VM by its name; 400 if there is none. */
export const findNic = (instance: RawInstance, name: string): RawNic => {
  const nic = instance.networkInterfaces.find((each) => each.name === name);
  if (nic === undefined) throw invalid('networkInterface', name, 'The network interface does not exist.');
  return nic;
};

const withoutConfig = (nic: RawNic, name: string): void => {
  for (const list of [nic.accessConfigs, nic.ipv6AccessConfigs]) {
    const at = list?.findIndex((config) => config.name === name) ?? -1;
    if (at >= 0) list?.splice(at, 1);
  }
  nic.fingerprint = fingerprintOf([nic.accessConfigs, nic.ipv6AccessConfigs]);
};

const deleteAccessConfig = (
  state: ComputeState,
  caller: Caller,
  asked: Changing & { networkInterface: string; accessConfig: string },
) =>
  changing(state, caller, 'deleteAccessConfig', asked, (now) => {
    const nic = findNic(now, asked.networkInterface);
    const configs = [...(nic.accessConfigs ?? []), ...(nic.ipv6AccessConfigs ?? [])];
    if (!configs.some((config) => config.name === asked.accessConfig)) {
      throw invalid('accessConfig', asked.accessConfig, 'The specified access config does not exist.');
    }
    return () => withoutConfig(nic, asked.accessConfig);
  });

const accessConfigResource = z.object({
  kind: z.string().optional(),
  name: z.string().default('External NAT'),
  type: z.enum(['ONE_TO_ONE_NAT', 'DIRECT_IPV6']).default('ONE_TO_ONE_NAT'),
  natIP: z.string().exactOptional(),
  externalIpv6: z.string().exactOptional(),
  externalIpv6PrefixLength: z.number().exactOptional(),
  networkTier: z.string().exactOptional(),
});

const addAccessConfig = (
  state: ComputeState,
  caller: Caller,
  asked: Changing & { networkInterface: string; accessConfigResource: z.output<typeof accessConfigResource> },
) =>
  changing(state, caller, 'addAccessConfig', asked, (now) => {
    const nic = findNic(now, asked.networkInterface);
    const { kind: _, ...given } = asked.accessConfigResource;
    const list = given.type === 'DIRECT_IPV6' ? 'ipv6AccessConfigs' : 'accessConfigs';
    if ((nic[list] ?? []).length > 0) {
      throw invalid('networkInterface', nic.name, 'At most one access config is supported for an interface.');
    }
    const raw: RawAccessConfig = {
      kind: 'compute#accessConfig',
      networkTier: 'PREMIUM',
      ...(list === 'accessConfigs'
        ? { natIP: `198.51.100.${(Number.parseInt(state.random().slice(0, 2), 16) % 250) + 1}` }
        : { externalIpv6: '2001:db8:ffff::', externalIpv6PrefixLength: 96 }),
      ...given,
    };
    return () => {
      nic[list] = [...(nic[list] ?? []), raw];
      nic.fingerprint = fingerprintOf([nic.accessConfigs, nic.ipv6AccessConfigs]);
    };
  });

/** The methods for external addresses of a VM's interfaces. */
export const addressMethods: Record<string, Method> = {
  'Instances.DeleteAccessConfig': method(
    ['compute.instances.deleteAccessConfig'],
    z.object({ ...change, networkInterface: z.string(), accessConfig: z.string() }),
    instanceUrl,
    deleteAccessConfig,
  ),
  // compute.addresses.use is needed for a reserved address only. Which addresses are reserved is not simulated.
  'Instances.AddAccessConfig': method(
    ['compute.instances.addAccessConfig', 'compute.subnetworks.useExternalIp', 'compute.addresses.use'],
    z.object({ ...change, networkInterface: z.string(), accessConfigResource }),
    instanceUrl,
    addAccessConfig,
  ),
};
