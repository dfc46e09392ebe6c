import { z } from 'zod';
import type { AccessConfig, Instance } from '../../model/compute.ts';
import type { Entry } from '../../model/entry.ts';
import { counted } from '../../text.ts';
import { goneVm, instanceOf, type NodeContext, noVm, vmOf } from '../host.ts';
import { readImage } from '../image.ts';
import { nothingLeft, stillThere } from '../nothing-left.ts';
import { advance, isUntold, type Task, waiting } from '../operations.ts';
import type { StepOf } from '../step.ts';

const ID = 'remove-external-ip';
const config = z.object({
  name: z.string(),
  type: z.string(),
  natIP: z.string().exactOptional(),
  externalIpv6: z.string().exactOptional(),
  externalIpv6PrefixLength: z.number().exactOptional(),
  networkTier: z.string().exactOptional(),
});
const image = z.object({ addresses: z.array(z.object({ nic: z.string(), config })) });

type Address = { nic: string; config: AccessConfig };

/** Every access config of every interface, IPv4 and IPv6, each under its own name. */
const addressesOf = (instance: Instance): Address[] =>
  instance.interfaces.flatMap((nic) =>
    [...nic.accessConfigs, ...nic.ipv6AccessConfigs].map((found) => ({ nic: nic.name, config: found })),
  );

const keyOf = ({ nic, config: { name } }: Address): string => `${nic} ${name}`;
const shown = ({ nic, config: c }: Address): string => `${c.natIP ?? c.externalIpv6 ?? c.name} on ${nic}`;
const without = (among: readonly Address[], there: readonly Address[]): Address[] =>
  among.filter((address) => !there.some((other) => keyOf(other) === keyOf(address)));

/** The addresses as they are there by now, and those that are no longer there as they were. */
const newest = (was: readonly Address[], there: readonly Address[]): Address[] => [
  ...without(was, there),
  ...there.filter((address) => without([address], was).length === 0),
];

/** Whether an access config of the same name on the same interface has another address by now. */
const isAnother = (address: Address, there: readonly Address[]): boolean =>
  there.some(
    (other) =>
      keyOf(other) === keyOf(address) &&
      (other.config.natIP !== address.config.natIP || other.config.externalIpv6 !== address.config.externalIpv6),
  );

const notHad = (addresses: readonly Address[]): string =>
  `${addresses.map(shown).join(', ')} could not be assigned again: the VM has new addresses`;

const removalKey = (address: Address): string => `remove ${keyOf(address)}`;

/** Which addresses are gone, told apart by what the entry knows that it has removed. */
const removedText = (addresses: readonly Address[], entry: Pick<Entry, 'operation'>): string => {
  const untold = addresses.filter((address) => isUntold(entry, removalKey(address)));
  const ours = without(addresses, untold);
  return [
    ...(ours.length === 0 ? [] : [`removed ${ours.map(shown).join(', ')}`]),
    ...(untold.length === 0 ? [] : [`already gone when this step looked: ${untold.map(shown).join(', ')}`]),
  ].join('; ');
};

const removals = (context: NodeContext, addresses: readonly Address[]): Task[] => {
  const vm = vmOf(context.subject.host);
  if (vm === undefined) return [];
  return addresses.map((address) => ({
    key: removalKey(address),
    send: (requestId) =>
      context.computeWrite.deleteAccessConfig({ vm, nic: address.nic, name: address.config.name, requestId }),
  }));
};

const returns = (context: NodeContext, addresses: readonly Address[], fresh: boolean): Task[] => {
  const vm = vmOf(context.subject.host);
  if (vm === undefined) return [];
  return addresses.map((address) => {
    const { natIP: _, externalIpv6: __, externalIpv6PrefixLength: ___, ...plain } = address.config;
    return {
      key: `${fresh ? 'new' : 'return'} ${keyOf(address)}`,
      send: (requestId) =>
        context.computeWrite.addAccessConfig({
          vm,
          nic: address.nic,
          config: fresh ? plain : address.config,
          requestId,
        }),
    };
  });
};

const stillMissing = async (context: NodeContext, addresses: readonly Address[]): Promise<Address[]> => {
  const instance = await instanceOf(context);
  return instance === undefined ? [] : without(addresses, addressesOf(instance));
};

/** Takes every external address from the VM; connections through those addresses end. */
export const removeExternalIp: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Removes every access config, IPv4 and IPv6, from every interface of the VM.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instances.deleteAccessConfig',
      'compute.instances.addAccessConfig',
      'compute.subnetworks.useExternalIp',
      // To give back an address that is reserved.
      'compute.addresses.use',
      'compute.zoneOperations.get',
    ],
    rbac: [],
  },

  // Since the first image the VM may have got other addresses.
  refresh: (before, now) => {
    const [was, is] = [readImage(image, before, ID), readImage(image, now, ID)];
    return { addresses: [...without(was.addresses, is.addresses), ...is.addresses] };
  },

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    const addresses = addressesOf(instance);
    return addresses.length === 0
      ? {
          outcome: 'already',
          because: 'the VM has no external address; traffic through Cloud NAT is left to the firewall rules',
        }
      : { outcome: 'captured', before: { addresses } };
  },

  apply: async (context, before) => {
    const { addresses } = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return goneVm(context);
    const there = addressesOf(instance);
    if (addresses.some((address) => isAnother(address, there)))
      return { outcome: 'captured', before: { addresses: newest(addresses, there) } };
    const open = addresses.filter((address) => there.some((other) => keyOf(other) === keyOf(address)));
    if (open.length === 0) return { outcome: 'applied', because: removedText(addresses, context.entry) };
    // Only what is still there is sent: the service refuses to remove what somebody else has removed meanwhile.
    const advanced = await advance(context.compute, context.entry, removals(context, open));
    if (advanced.open)
      return waiting(advanced, `removing ${counted(open.length, 'external address', 'external addresses')}`);
    return advanced.failures.length > 0
      ? { outcome: 'failed', because: advanced.failures.join('; ') }
      : { outcome: 'applied', because: removedText(addresses, advanced) };
  },

  verify: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return { proof: 'not proven', because: goneVm(context).because };
    const left = addressesOf(instance);
    return left.length === 0
      ? { proof: 'proven' }
      : { proof: 'not proven', because: `still there: ${left.map(shown).join(', ')}` };
  },

  undo: async (context, before) => {
    const { addresses } = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return nothingLeft(goneVm(context).because);
    const there = addressesOf(instance);
    const missing = without(addresses, there);
    if (missing.length === 0) {
      const others = addresses.filter((address) => isAnother(address, there));
      return others.length === 0 ? { outcome: 'undone' } : { outcome: 'undone', because: notHad(others) };
    }
    const same = await advance(context.compute, context.entry, returns(context, missing, false));
    if (same.open) return waiting(same, 'external addresses are being restored');
    const refused = missing.filter((address) =>
      same.failures.some((failure) => failure.startsWith(`return ${keyOf(address)}:`)),
    );
    const fresh = await advance(
      context.compute,
      { ...context.entry, operation: same.operation },
      returns(context, refused, true),
    );
    if (fresh.open) return waiting(fresh, 'new external addresses are being assigned');
    if (fresh.failures.length > 0) return { outcome: 'given-up', because: fresh.failures.join('; ') };
    const none = await stillMissing(context, missing);
    if (none.length > 0) return stillThere(`the VM is still without ${none.map(shown).join(', ')}`);
    return refused.length === 0 ? { outcome: 'undone' } : { outcome: 'undone', because: notHad(refused) };
  },
};
