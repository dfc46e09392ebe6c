import type { ComputeMethod } from './compute-api.ts';

const CALLED: Readonly<Record<ComputeMethod, true>> = {
  'Instances.Get': true,
  'Instances.GetEffectiveFirewalls': true,
  'Instances.SetTags': true,
  'Instances.SetMetadata': true,
  'Instances.SetDiskAutoDelete': true,
  'Instances.AddAccessConfig': true,
  'Instances.DeleteAccessConfig': true,
  'Instances.Delete': true,
  'Disks.Get': true,
  'RegionDisks.Get': true,
  'Snapshots.List': true,
  'Snapshots.Insert': true,
  'InstanceGroupManagers.Get': true,
  'InstanceGroupManagers.ListManagedInstances': true,
  'InstanceGroupManagers.AbandonInstances': true,
  'InstanceGroupManagers.DeleteInstances': true,
  'InstanceGroupManagers.CreateInstances': true,
  'InstanceGroupManagers.Resize': true,
  'RegionInstanceGroupManagers.Get': true,
  'RegionInstanceGroupManagers.ListManagedInstances': true,
  'RegionInstanceGroupManagers.AbandonInstances': true,
  'RegionInstanceGroupManagers.DeleteInstances': true,
  'RegionInstanceGroupManagers.CreateInstances': true,
  'RegionInstanceGroupManagers.Resize': true,
  'Firewalls.Get': true,
  'Firewalls.List': true,
  'Firewalls.Insert': true,
  'Firewalls.Delete': true,
  'Networks.Get': true,
  'ZoneOperations.Get': true,
  'RegionOperations.Get': true,
  'GlobalOperations.Get': true,
};

/**
 * Every Compute Engine method that Firebreak calls, as `Service.Method`. The build keeps only these in the client's
 * definitions.
 */
export const COMPUTE_METHODS: readonly string[] = Object.keys(CALLED);
