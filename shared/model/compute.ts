/** A Compute Engine resource by its place; `name` passed the platform's grammar. */
export type InstanceRef = { project: string; zone: string; name: string };

export type AttachedDisk = {
  deviceName: string;
  boot: boolean;
  autoDelete: boolean;
  /** UNKNOWN: of a type that was not there when this was written. */
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

/** A VM, in our own words: the id is a decimal string, tags and metadata carry the fingerprint a change must quote. */
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

/** A VM by its numeric id, so that one re-created under the same name is not there instead of being changed. */
export type VmRef = { project: string; zone: string; id: string };

/** A persistent disk. `id` outlives nothing: a disk re-created under the same name has another. */
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
  /** Encrypted with a key that only its owner holds: a snapshot needs that key, so we cannot take one. */
  customerKey: boolean;
};

/** A snapshot; only `READY` is evidence. `sourceDiskId` tells disks of one name apart. */
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
 * A managed instance group. `autoscaled` speaks of a Compute Engine autoscaler only: the cluster autoscaler of GKE
 * is not seen here, but in the node pool.
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

/** A group's member as its listing shows it. `action` is NONE when nothing is going on. */
export type ManagedInstance = {
  url: string;
  name: string;
  zone: string;
  /** Absent while the VM is still being made. */
  id?: string;
  action: string;
  status?: string;
};

/** One firewall rule that holds on an interface. `protocols`: `all`, `tcp`, `tcp:22`. */
export type EffectiveRule = {
  source: 'hierarchy' | 'system' | 'network-policy' | 'vpc';
  /** The rule's own name; of a policy: `POLICY#PRIORITY`. */
  name: string;
  direction: 'INGRESS' | 'EGRESS';
  /** `allow`, `deny`, `goto_next`, `apply_security_profile_group`. */
  action: string;
  priority: number;
  targetTags: string[];
  targetServiceAccounts: string[];
  /** Sources of an ingress rule, destinations of an egress rule; empty where it matches by something else only. */
  ranges: string[];
  /** Whether it matches by ranges alone, so that `ranges` says all there is to say. */
  byRangesOnly: boolean;
  protocols: string[];
  logging: boolean;
};

/** A VPC firewall rule of ours: either IPv4 or IPv6 ranges, never both. */
export type FirewallRule = {
  name: string;
  /** URL of the network; the rule lives in the network's project. */
  network: string;
  direction: 'INGRESS' | 'EGRESS';
  action: 'allow' | 'deny';
  priority: number;
  ranges: string[];
  /** Tags of the VMs that an ingress rule lets in, beside `ranges`. */
  sourceTags?: string[];
  /** `all`, `tcp`, `tcp:22`. */
  protocols: string[];
  targetTags: string[];
  logging: boolean;
  description?: string;
};
export type Firewall = FirewallRule & { id: string; disabled: boolean; createdAt: string };

/**
 * What became of an accepted change. `url` (`projects/p1/zones/z/operations/o`) finds it again and fits a journal;
 * DONE with `error` is a failure, although the call was accepted.
 */
export type Operation = {
  url: string;
  status: string;
  done: boolean;
  target?: string;
  error?: OperationError;
};
/** `means` as a refused call would have been taken: Transient, Denied, Conflict, gone, or malformed (do not repeat). */
export type OperationError = {
  code: string;
  message: string;
  status?: number;
  means: 'transient' | 'denied' | 'conflict' | 'gone' | 'malformed';
};

/** Reads of Compute Engine. undefined: not there. Names and URLs outside the platform's grammar: Malformed. A reply that cannot be read: Transient. */
export type ComputeReader = {
  /** `name` may be the numeric id. */
  instance(ref: InstanceRef): Promise<Instance | undefined>;
  /** A zonal or regional disk by URL. */
  disk(url: string): Promise<Disk | undefined>;
  snapshot(ref: { project: string; name: string }): Promise<Snapshot | undefined>;
  /** Snapshots that Firebreak took of one disk, newest first. */
  snapshotsOf(disk: { project: string; id: string }): Promise<Snapshot[]>;
  group(url: string): Promise<Group | undefined>;
  /** Every member of a group, also one that is coming or going; undefined where the group is not there. */
  managedInstances(group: string): Promise<ManagedInstance[] | undefined>;
  /** The rules that hold on one interface (`nic0`), in the order in which the first match decides. */
  effectiveFirewalls(ref: InstanceRef, nic: string): Promise<EffectiveRule[] | undefined>;
  firewall(ref: { project: string; name: string }): Promise<Firewall | undefined>;
  /** An operation by the URL that the change gave; undefined once the service has forgotten it. */
  operation(url: string): Promise<Operation | undefined>;
};

/** `gone`: what was to be changed is not there. `exists`: what was to be made is there already, by this name. */
export type Changed = Operation | 'gone';
export type Made = Operation | 'exists' | 'gone';

/**
 * Changes to Compute Engine. Each carries a `requestId` (UUID, never zero): the same one again gives the same
 * operation. Each is sent once; an answer that was lost is Transient. A stale fingerprint is Conflict.
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
  /** Gives an external address back; without `natIP` (or `externalIpv6`) a new one. */
  addAccessConfig(of: { vm: VmRef; nic: string; config: AccessConfig; requestId: string }): Promise<Changed>;
  deleteInstance(of: { vm: VmRef; requestId: string }): Promise<Changed>;
  /** DONE means scheduled: the listing tells when the VM has left. `gone`: the group is not there. */
  abandonInstance(of: { group: string; instance: string; requestId: string }): Promise<Changed>;
  deleteGroupInstance(of: { group: string; instance: string; requestId: string }): Promise<Changed>;
  createInstance(of: { group: string; name: string; requestId: string }): Promise<Made>;
  resizeGroup(of: { group: string; size: number; requestId: string }): Promise<Changed>;
  /** In the project of the rule's network. */
  insertFirewall(of: { rule: FirewallRule; requestId: string }): Promise<Made>;
  deleteFirewall(of: { project: string; name: string; requestId: string }): Promise<Changed>;
};
