/** A Compute Engine resource by its place; `name` passed the platform's grammar. */
export type InstanceRef = { project: string; zone: string; name: string };

export type AttachedDisk = {
  deviceName: string;
  boot: boolean;
  autoDelete: boolean;
  type: 'PERSISTENT' | 'SCRATCH';
  mode: 'READ_WRITE' | 'READ_ONLY';
  /** URL of a zonal or regional disk; absent for local SSD. */
  source?: string;
};

export type AccessConfig = { name: string; type: string; natIP?: string; externalIpv6?: string; networkTier?: string };
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

/** Reads of Compute Engine. undefined: not there. */
export type ComputeReader = {
  instance(ref: InstanceRef): Promise<Instance | undefined>;
};

/** Changes to Compute Engine: none yet. */
export type ComputeWriter = Record<never, never>;
