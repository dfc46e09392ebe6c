import { resourceName } from '../compute-url.ts';
import type { ComputeWriter } from '../model/compute.ts';
import { would } from './stopped.ts';

/**
 * A Compute writer that sends nothing: every call ends a step's dry run with WouldSend, which says in words what would
 * have been changed.
 */
export const dryCompute = (): ComputeWriter => ({
  createSnapshot: ({ disk }) => would(`take a snapshot of disk ${resourceName(disk)}`),
  setDiskAutoDelete: ({ deviceName, autoDelete }) =>
    would(`${autoDelete ? 'delete' : 'keep'} disk ${deviceName} when its VM is deleted`),
  setTags: ({ items }) => would(`set the network tags of the VM to ${items.join(', ')}`),
  setMetadata: () => would('change the metadata of the VM'),
  deleteAccessConfig: ({ nic }) => would(`remove the external address of ${nic}`),
  addAccessConfig: ({ nic }) => would(`give ${nic} an external address`),
  deleteInstance: () => would('delete the VM'),
  abandonInstance: ({ group }) => would(`take the VM out of group ${resourceName(group)}`),
  deleteGroupInstance: ({ group }) => would(`delete the VM through group ${resourceName(group)}`),
  createInstance: ({ group, name }) => would(`add VM ${name} to group ${resourceName(group)}`),
  resizeGroup: ({ group, size }) => would(`resize group ${resourceName(group)} to ${size}`),
  insertFirewall: ({ rule }) => would(`create firewall rule ${rule.name}`),
  deleteFirewall: ({ name }) => would(`delete firewall rule ${name}`),
});
