type Zonal = { project: string; zone: string };
type Regional = { project: string; region: string };
type Global = { project: string };
type Vm = Zonal & { instance: string };
type Page = { maxResults?: number; pageToken?: string };
type Id = { requestId: string };
type Group = { instanceGroupManager: string };
type Members = { instances: string[] };
type Names = { instances: Array<{ name: string }> };
type Protocol = { IPProtocol: string; ports?: string[] };

/**
 * The Compute Engine calls that Firebreak makes, under their names in the service's own definition, each with its
 * parameters. The build drops all other methods from the client's definitions (compute-methods.ts).
 */
export type ComputeRequests = {
  'Instances.Get': Vm;
  'Instances.GetEffectiveFirewalls': Vm & { networkInterface: string };
  'Instances.SetTags': Vm & Id & { tagsResource: { items: string[]; fingerprint: string } };
  'Instances.SetMetadata': Vm &
    Id & { metadataResource: { items: Array<{ key: string; value: string }>; fingerprint: string } };
  'Instances.SetDiskAutoDelete': Vm & Id & { deviceName: string; autoDelete: boolean };
  'Instances.AddAccessConfig': Vm &
    Id & {
      networkInterface: string;
      accessConfigResource: {
        name: string;
        type: string;
        natIP?: string;
        externalIpv6?: string;
        externalIpv6PrefixLength?: number;
        networkTier?: string;
      };
    };
  'Instances.DeleteAccessConfig': Vm & Id & { networkInterface: string; accessConfig: string };
  'Instances.Delete': Vm & Id;
  'Disks.Get': Zonal & { disk: string };
  'RegionDisks.Get': Regional & { disk: string };
  'Snapshots.List': Global & Page & { filter: string };
  'Snapshots.Insert': Global &
    Id & {
      snapshotResource: {
        name: string;
        sourceDisk: string;
        labels: Record<string, string>;
        storageLocations: string[];
        description?: string;
      };
    };
  'InstanceGroupManagers.Get': Zonal & Group;
  'InstanceGroupManagers.ListManagedInstances': Zonal & Group & Page;
  'InstanceGroupManagers.AbandonInstances': Zonal &
    Group &
    Id & { instanceGroupManagersAbandonInstancesRequestResource: Members };
  'InstanceGroupManagers.DeleteInstances': Zonal &
    Group &
    Id & { instanceGroupManagersDeleteInstancesRequestResource: Members };
  'InstanceGroupManagers.CreateInstances': Zonal &
    Group &
    Id & { instanceGroupManagersCreateInstancesRequestResource: Names };
  'InstanceGroupManagers.Resize': Zonal & Group & Id & { size: number };
  'RegionInstanceGroupManagers.Get': Regional & Group;
  'RegionInstanceGroupManagers.ListManagedInstances': Regional & Group & Page;
  'RegionInstanceGroupManagers.AbandonInstances': Regional &
    Group &
    Id & { regionInstanceGroupManagersAbandonInstancesRequestResource: Members };
  'RegionInstanceGroupManagers.DeleteInstances': Regional &
    Group &
    Id & { regionInstanceGroupManagersDeleteInstancesRequestResource: Members };
  'RegionInstanceGroupManagers.CreateInstances': Regional &
    Group &
    Id & { regionInstanceGroupManagersCreateInstancesRequestResource: Names };
  'RegionInstanceGroupManagers.Resize': Regional & Group & Id & { size: number };
  'Firewalls.Get': Global & { firewall: string };
  'Firewalls.List': Global & Page & { filter: string };
  'Firewalls.Insert': Global &
    Id & {
      firewallResource: {
        name: string;
        network: string;
        description?: string;
        direction: string;
        priority: number;
        allowed?: Protocol[];
        denied?: Protocol[];
        sourceRanges?: string[];
        destinationRanges?: string[];
        sourceTags?: string[];
        targetTags: string[];
        logConfig: { enable: boolean };
      };
    };
  'Firewalls.Delete': Global & Id & { firewall: string };
  'Networks.Get': Global & { network: string };
  'ZoneOperations.Get': Zonal & { operation: string };
  'RegionOperations.Get': Regional & { operation: string };
  'GlobalOperations.Get': Global & { operation: string };
};

/** `Service.Method`. */
export type ComputeMethod = keyof ComputeRequests;

/**
 * Makes one call. Resolves with the raw reply; throws ComputeFailure. The real client and the simulated service are
 * both one.
 */
export type ComputeCall = <M extends ComputeMethod>(method: M, request: ComputeRequests[M]) => Promise<unknown>;
