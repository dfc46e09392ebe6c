import type { RawAccessConfig, RawAttachedDisk, RawInstance, RawNic } from './resources.ts';
import { type ComputeState, fingerprintOf, newId, ROOT, stampOf } from './state.ts';

export type AccessConfigSeed = Partial<RawAccessConfig> & { name: string };
export type NicSeed = {
  network?: string;
  subnetwork?: string;
  accessConfigs?: AccessConfigSeed[];
  ipv6AccessConfigs?: AccessConfigSeed[];
};
export type InstanceSeed = {
  project: string;
  zone: string;
  name: string;
  id?: string;
  status?: string;
  createdAt?: number;
  tags?: string[];
  metadata?: Record<string, string>;
  labels?: Record<string, string>;
  /** Without `source`: a boot disk named like the VM. Local SSD: `type: 'SCRATCH'`. */
  disks?: Array<Partial<RawAttachedDisk>>;
  nics?: NicSeed[];
  serviceAccounts?: Array<{ email: string; scopes: string[] }>;
};

const nic = (project: string, seed: NicSeed, index: number): RawNic => {
  const network = seed.network ?? `projects/${project}/global/networks/default`;
  const { accessConfigs, ipv6AccessConfigs } = seed;
  const raw = {
    kind: 'compute#networkInterface' as const,
    name: `nic${index}`,
    network: ROOT + network,
    ...(seed.subnetwork === undefined ? {} : { subnetwork: ROOT + seed.subnetwork }),
    networkIP: `10.132.${index}.2`,
    stackType: ipv6AccessConfigs === undefined ? 'IPV4_ONLY' : 'IPV4_IPV6',
    ...(accessConfigs && {
      accessConfigs: accessConfigs.map((config) => ({
        kind: 'compute#accessConfig' as const,
        type: 'ONE_TO_ONE_NAT' as const,
        natIP: `203.0.113.${10 + index}`,
        networkTier: 'PREMIUM',
        ...config,
      })),
    }),
    ...(ipv6AccessConfigs && {
      ipv6AccessConfigs: ipv6AccessConfigs.map((config) => ({
        kind: 'compute#accessConfig' as const,
        type: 'DIRECT_IPV6' as const,
        externalIpv6: `2001:db8:${index + 1}::`,
        externalIpv6PrefixLength: 96,
        networkTier: 'PREMIUM',
        ...config,
      })),
    }),
  };
  return { ...raw, fingerprint: fingerprintOf(raw) };
};

/** A VM as the service would hold it: one boot disk and one interface without an external address unless told. */
export const instanceOf = (state: ComputeState, seed: InstanceSeed): RawInstance => {
  const place = `${ROOT}projects/${seed.project}/zones/${seed.zone}`;
  const items = Object.entries(seed.metadata ?? {}).map(([key, value]) => ({ key, value }));
  return {
    kind: 'compute#instance',
    id: seed.id ?? newId(state),
    name: seed.name,
    zone: place,
    selfLink: `${place}/instances/${seed.name}`,
    status: seed.status ?? 'RUNNING',
    creationTimestamp: stampOf(seed.createdAt ?? state.time()),
    tags: { items: seed.tags ?? [], fingerprint: fingerprintOf(seed.tags ?? []) },
    metadata: { kind: 'compute#metadata', items, fingerprint: fingerprintOf(items) },
    labels: seed.labels ?? {},
    labelFingerprint: fingerprintOf(seed.labels ?? {}),
    disks: (seed.disks ?? [{}]).map((disk, index) => ({
      kind: 'compute#attachedDisk',
      type: 'PERSISTENT',
      mode: 'READ_WRITE',
      deviceName: disk.type === 'SCRATCH' ? `local-ssd-${index}` : `persistent-disk-${index}`,
      index,
      boot: index === 0,
      autoDelete: true,
      ...(disk.type === 'SCRATCH' ? {} : { source: `${place}/disks/${seed.name}` }),
      ...disk,
    })),
    networkInterfaces: (seed.nics ?? [{}]).map((each, index) => nic(seed.project, each, index)),
    serviceAccounts: seed.serviceAccounts ?? [],
  };
};
