/** The world's resources in the service's own JSON form, with only the fields that the simulation uses. */

export type RawAccessConfig = {
  kind: 'compute#accessConfig';
  name: string;
  type: 'ONE_TO_ONE_NAT' | 'DIRECT_IPV6';
  natIP?: string;
  externalIpv6?: string;
  externalIpv6PrefixLength?: number;
  networkTier?: string;
};

export type RawNic = {
  kind: 'compute#networkInterface';
  name: string;
  network: string;
  subnetwork?: string;
  networkIP?: string;
  stackType: string;
  fingerprint: string;
  accessConfigs?: RawAccessConfig[];
  ipv6AccessConfigs?: RawAccessConfig[];
};

export type RawAttachedDisk = {
  kind: 'compute#attachedDisk';
  type: 'PERSISTENT' | 'SCRATCH';
  mode: 'READ_WRITE' | 'READ_ONLY';
  deviceName: string;
  index: number;
  boot: boolean;
  autoDelete: boolean;
  source?: string;
};

export type RawInstance = {
  kind: 'compute#instance';
  id: string;
  name: string;
  zone: string;
  selfLink: string;
  status: string;
  creationTimestamp: string;
  tags: { items?: string[]; fingerprint: string };
  metadata: { kind: 'compute#metadata'; items?: Array<{ key: string; value: string }>; fingerprint: string };
  labels?: Record<string, string>;
  labelFingerprint: string;
  disks: RawAttachedDisk[];
  networkInterfaces: RawNic[];
  serviceAccounts?: Array<{ email: string; scopes: string[] }>;
};

export type RawOperation = {
  kind: 'compute#operation';
  id: string;
  name: string;
  selfLink: string;
  zone?: string;
  region?: string;
  operationType: string;
  targetLink: string;
  targetId: string;
  user: string;
  status: 'PENDING' | 'RUNNING' | 'DONE';
  progress: number;
  insertTime: string;
  startTime?: string;
  endTime?: string;
  httpErrorStatusCode?: number;
  httpErrorMessage?: string;
  error?: { errors: Array<{ code: string; message: string }> };
};

export type RawDisk = {
  kind: 'compute#disk';
  id: string;
  name: string;
  selfLink: string;
  zone?: string;
  region?: string;
  status: string;
  sizeGb: string;
  creationTimestamp: string;
  labels: Record<string, string>;
  diskEncryptionKey?: { kmsKeyName?: string; sha256?: string };
};

export type RawSnapshot = {
  kind: 'compute#snapshot';
  id: string;
  name: string;
  selfLink: string;
  status: 'CREATING' | 'UPLOADING' | 'READY' | 'FAILED';
  creationTimestamp: string;
  sourceDisk: string;
  sourceDiskId: string;
  diskSizeGb: string;
  labels: Record<string, string>;
  storageLocations: string[];
  description?: string;
};

export type RawGroup = {
  kind: 'compute#instanceGroupManager';
  id: string;
  name: string;
  selfLink: string;
  zone?: string;
  region?: string;
  baseInstanceName: string;
  targetSize: number;
  fingerprint: string;
  instanceGroup: string;
  listManagedInstancesResults: 'PAGELESS' | 'PAGINATED';
  autoHealingPolicies?: Array<{ healthCheck: string; initialDelaySec: number }>;
  status: { isStable: boolean; autoscaler?: string };
};

export type RawManaged = {
  instance: string;
  name: string;
  id?: string;
  currentAction: string;
  instanceStatus?: string;
  lastAttempt?: { errors: { errors: Array<{ code: string; message: string }> } };
};

export type RawNetwork = {
  kind: 'compute#network';
  id: string;
  name: string;
  selfLink: string;
  autoCreateSubnetworks: boolean;
  networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL' | 'BEFORE_CLASSIC_FIREWALL';
};

export type RawFirewall = {
  kind: 'compute#firewall';
  id: string;
  name: string;
  selfLink: string;
  network: string;
  creationTimestamp: string;
  description?: string;
  direction: 'INGRESS' | 'EGRESS';
  priority: number;
  disabled: boolean;
  allowed?: Array<{ IPProtocol: string; ports?: string[] }>;
  denied?: Array<{ IPProtocol: string; ports?: string[] }>;
  sourceRanges?: string[];
  destinationRanges?: string[];
  sourceTags?: string[];
  targetTags?: string[];
  targetServiceAccounts?: string[];
  logConfig: { enable: boolean };
};

/** One policy in the form of `getEffectiveFirewalls`, for hierarchical, system and network policies alike. */
export type RawPolicy = {
  type: 'HIERARCHY' | 'SYSTEM_GLOBAL' | 'SYSTEM_REGIONAL' | 'NETWORK' | 'NETWORK_REGIONAL';
  name: string;
  shortName?: string;
  priority?: number;
  rules: Array<{
    kind: 'compute#firewallPolicyRule';
    priority: number;
    action: string;
    direction: 'INGRESS' | 'EGRESS';
    enableLogging?: boolean;
    disabled?: boolean;
    targetServiceAccounts?: string[];
    match: {
      srcIpRanges?: string[];
      destIpRanges?: string[];
      destFqdns?: string[];
      layer4Configs: Array<{ ipProtocol: string; ports?: string[] }>;
    };
  }>;
};
