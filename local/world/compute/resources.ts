/** The resources the world holds, in the service's own JSON shape; only the fields that something here reads. */

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
