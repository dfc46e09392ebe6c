import type { EffectiveRule, Firewall, FirewallRule } from './firewall.ts';

/** A VM by project, zone and name. `name` was checked against the platform's grammar. */
export type InstanceRef = { project: string; zone: string; name: string };

export type AttachedDisk = {
  deviceName: string;
  boot: boolean;
  autoDelete: boolean;
  /** UNKNOWN: a type that Compute Engine added after this was written. */
  type: 'PERSISTENT' | 'SCRATCH' | 'UNKNOWN';
  mode: string;
  /** URL of a zonal or regional disk; absent for local SSD. */
  source?: string;
};

export type AccessConfig = {
  name: string;
  type: string;
  natIP?: string;
  externalIpv6?: string;
  externalIpv6PrefixLength?: number;
  networkTier?: string;
};
export type NetworkInterface = {
  name: string;
  network: string;
  subnetwork?: string;
  fingerprint?: string;
  accessConfigs: AccessConfig[];
  ipv6AccessConfigs: AccessConfig[];
};

/** A VM, in our own shape. `id` is a decimal string. A change must quote the fingerprint of tags or metadata. */
export type Instance = {
  id: string;
  name: string;
  project: string;
  zone: string;
  status: string;
  createdAt: string;
  tags: { items: string[]; fingerprint: string };
  metadata: { items: Record<string, string>; fingerprint: string };
  labels: Record<string, string>;
  disks: AttachedDisk[];
  interfaces: NetworkInterface[];
  serviceAccounts: Array<{ email: string; scopes: string[] }>;
};

/** A VM by its numeric id, so that a change never reaches a VM that was re-created under the same name. */
export type VmRef = { project: string; zone: string; id: string };

/** A persistent disk. A disk that is re-created under the same name has another `id`. */
export type Disk = {
  url: string;
  id: string;
  name: string;
  project: string;
  zone?: string;
  region?: string;
  status: string;
  sizeGb?: number;
  labels: Record<string, string>;
  /** Cloud KMS key of a customer-managed disk. */
  kmsKey?: string;
  /** Encrypted with a key that only its owner holds. A snapshot would need that key, so we cannot take one. */
  customerKey: boolean;
};

/** A snapshot. Only a `READY` one is evidence. `sourceDiskId` distinguishes disks of the same name. */
export type Snapshot = {
  id: string;
  name: string;
  project: string;
  status: 'CREATING' | 'UPLOADING' | 'READY' | 'FAILED' | 'DELETING' | 'UNKNOWN';
  createdAt: string;
  sourceDisk: string;
  sourceDiskId: string;
  labels: Record<string, string>;
};

/**
 * A managed instance group. `autoscaled` is about a Compute Engine autoscaler only. The cluster autoscaler of GKE does
 * not show here, but in the node pool.
 */
export type Group = {
  url: string;
  id: string;
  name: string;
  project: string;
  zone?: string;
  region?: string;
  targetSize: number;
  baseInstanceName: string;
  autoscaled: boolean;
  autoHealing: boolean;
};

/** A member of a group, as the group's listing shows it. `action` is NONE when no change to the member is under way. */
export type ManagedInstance = {
  url: string;
  name: string;
  zone: string;
  /** Absent while the VM is still being created. */
  id?: string;
  action: string;
  status?: string;
  /** Why the group could not do it at its last try, such as a zone without capacity; it goes on trying. */
  trouble?: string;
};

/**
 * The outcome of a change that the service accepted. `url` (`projects/p1/zones/z/operations/o`) finds the operation
 * again and can be kept in a journal. DONE with `error` is a failure, although the call was accepted.
 */
export type Operation = {
  url: string;
  status: string;
  done: boolean;
  target?: string;
  error?: OperationError;
};
/** `means`: how a call refused for this reason would be treated. `malformed`: do not repeat it. */
export type OperationError = {
  code: string;
  message: string;
  status?: number;
  means: 'transient' | 'denied' | 'conflict' | 'gone' | 'malformed';
};

/**
 * Reads of Compute Engine. They resolve with undefined if the resource does not exist, and throw Malformed for names
 * and URLs outside the platform's grammar, Transient for a reply that cannot be read.
 */
export type ComputeReader = {
  /** `name` may be the numeric id. */
  instance(ref: InstanceRef): Promise<Instance | undefined>;
  /** A zonal or regional disk by URL. */
  disk(url: string): Promise<Disk | undefined>;
  /** Snapshots that Firebreak took of one disk, newest first. */
  snapshotsOf(disk: { project: string; id: string }): Promise<Snapshot[]>;
  group(url: string): Promise<Group | undefined>;
  /** Every member of a group, including those being created or deleted; undefined if the group does not exist. */
  managedInstances(group: string): Promise<ManagedInstance[] | undefined>;
  /** The rules that apply to one interface (`nic0`), in the order of evaluation: the first match decides. */
  effectiveFirewalls(ref: InstanceRef, nic: string): Promise<EffectiveRule[] | undefined>;
  firewall(ref: { project: string; name: string }): Promise<Firewall | undefined>;
  /** Those of a project's rules that have one of these names, in one call, however many they are. */
  firewallsNamed(of: { project: string; names: readonly string[] }): Promise<Firewall[]>;
  /** An operation, by the URL that the change returned; undefined once the service has forgotten it. */
  operation(url: string): Promise<Operation | undefined>;
};

/** `gone`: the resource that the change is about does not exist. `exists`: the name of the new resource is taken. */
export type Changed = Operation | 'gone';
export type Made = Operation | 'exists' | 'gone';

/**
 * Changes to Compute Engine. Each carries a `requestId` (UUID, never zero): a repeated call with the same one returns
 * the same operation. Each is sent once: a lost answer throws Transient. A stale fingerprint throws Conflict.
 */
export type ComputeWriter = {
  /** Snapshot of a zonal or regional disk, labelled so that `snapshotsOf` finds it. */
  createSnapshot(of: {
    disk: string;
    name: string;
    labels: Record<string, string>;
    description?: string;
    requestId: string;
  }): Promise<Made>;
  setDiskAutoDelete(of: { vm: VmRef; deviceName: string; autoDelete: boolean; requestId: string }): Promise<Changed>;
  setTags(of: { vm: VmRef; items: string[]; fingerprint: string; requestId: string }): Promise<Changed>;
  setMetadata(of: {
    vm: VmRef;
    items: Record<string, string>;
    fingerprint: string;
    requestId: string;
  }): Promise<Changed>;
  deleteAccessConfig(of: { vm: VmRef; nic: string; name: string; requestId: string }): Promise<Changed>;
  /** Gives an interface its external address back; without `natIP` (or `externalIpv6`) it gets a new one. */
  addAccessConfig(of: { vm: VmRef; nic: string; config: AccessConfig; requestId: string }): Promise<Changed>;
  deleteInstance(of: { vm: VmRef; requestId: string }): Promise<Changed>;
  /** DONE means scheduled: the group's listing shows when the VM has left. `gone`: the group does not exist. */
  abandonInstance(of: { group: string; instance: string; requestId: string }): Promise<Changed>;
  deleteGroupInstance(of: { group: string; instance: string; requestId: string }): Promise<Changed>;
  createInstance(of: { group: string; name: string; requestId: string }): Promise<Made>;
  resizeGroup(of: { group: string; size: number; requestId: string }): Promise<Changed>;
  /** Creates the rule in the project of its network. */
  insertFirewall(of: { rule: FirewallRule; requestId: string }): Promise<Made>;
  deleteFirewall(of: { project: string; name: string; requestId: string }): Promise<Changed>;
};
