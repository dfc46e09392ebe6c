import { firewallOf, firewallResource } from './firewalls.ts';
import { recordPresence } from './record.ts';
import type {
  RawAccessConfig,
  RawAttachedDisk,
  RawDisk,
  RawFirewall,
  RawInstance,
  RawNetwork,
  RawNic,
} from './resources.ts';
import { type ComputeState, fingerprintOf, newId, partial, ROOT, stampOf } from './state.ts';

/** An external address of an interface; missing fields get generated values. */
type AccessConfigSeed = Partial<RawAccessConfig> & { name: string };
type NicSeed = {
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
  /**
   * A disk without `source` is named like the VM, and the first disk is the boot disk. Local SSD: `type: 'SCRATCH'`.
   */
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

/** A VM in the service's form; by default with one boot disk and one interface without an external address. */
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

const BY = { actor: 'seed', verb: 'insert' };

export type NetworkSeed = { project: string; name: string; beforeClassic?: boolean };

/** Creates a network, or returns the existing one. */
export const addNetwork = (state: ComputeState, seed: NetworkSeed): RawNetwork => {
  const url = `projects/${seed.project}/global/networks/${seed.name}`;
  const known = state.networks.get(url);
  if (known !== undefined) return known;
  const network: RawNetwork = {
    kind: 'compute#network',
    id: newId(state),
    name: seed.name,
    selfLink: ROOT + url,
    autoCreateSubnetworks: true,
    networkFirewallPolicyEnforcementOrder: seed.beforeClassic ? 'BEFORE_CLASSIC_FIREWALL' : 'AFTER_CLASSIC_FIREWALL',
  };
  state.networks.set(url, network);
  return network;
};

export type DiskSeed = {
  project: string;
  zone?: string;
  region?: string;
  name: string;
  labels?: Record<string, string>;
  kmsKeyName?: string;
  /** Whether the disk is encrypted with a key that only the customer holds. */
  customerKey?: boolean;
};

/** Creates a zonal or regional disk, or returns the existing one. */
export const addDisk = (state: ComputeState, seed: DiskSeed): RawDisk => {
  const place = seed.zone !== undefined ? `zones/${seed.zone}` : `regions/${seed.region}`;
  const url = `projects/${seed.project}/${place}/disks/${seed.name}`;
  const known = state.disks.get(url);
  if (known !== undefined) return known;
  const disk: RawDisk = {
    kind: 'compute#disk',
    id: newId(state),
    name: seed.name,
    selfLink: ROOT + url,
    ...(seed.zone === undefined ? {} : { zone: `${ROOT}projects/${seed.project}/${place}` }),
    ...(seed.region === undefined ? {} : { region: `${ROOT}projects/${seed.project}/${place}` }),
    status: 'READY',
    sizeGb: '100',
    creationTimestamp: stampOf(state.time()),
    labels: seed.labels ?? {},
    ...(seed.kmsKeyName === undefined ? {} : { diskEncryptionKey: { kmsKeyName: seed.kmsKeyName } }),
    ...(seed.customerKey ? { diskEncryptionKey: { sha256: fingerprintOf(url) } } : {}),
  };
  state.disks.set(url, disk);
  recordPresence(state, BY, disk, 'there');
  return disk;
};

/** Creates the disks and networks that a VM uses. */
export const addSurroundings = (state: ComputeState, instance: RawInstance): void => {
  for (const { source } of instance.disks) {
    const [, project = '', scope, place = '', , name = ''] = partial(source ?? '').split('/');
    if (source === undefined) continue;
    addDisk(state, { project, name, ...(scope === 'zones' ? { zone: place } : { region: place }) });
  }
  for (const { network } of instance.networkInterfaces) {
    const [, project = '', , , name = ''] = partial(network).split('/');
    addNetwork(state, { project, name });
  }
};

/** Creates a VM with its disks and networks. */
export const addInstance = (state: ComputeState, seed: InstanceSeed): RawInstance => {
  const instance = instanceOf(state, seed);
  addSurroundings(state, instance);
  state.instances.set(partial(instance.selfLink), instance);
  recordPresence(state, BY, instance, 'there');
  return instance;
};

export type FirewallSeed = Record<string, unknown> & { project: string; name: string };

/** Creates a VPC firewall rule from the fields of `firewalls.insert` (`allowed`, `denied`, `sourceRanges`, ...). */
export const addFirewall = (state: ComputeState, { project, ...given }: FirewallSeed, actor = 'seed'): RawFirewall => {
  const firewall = firewallOf(state, project, firewallResource.parse(given));
  const [, owner = '', , , name = ''] = partial(firewall.network).split('/');
  addNetwork(state, { project: owner, name });
  state.firewalls.set(partial(firewall.selfLink), firewall);
  recordPresence(state, { actor, verb: 'insert' }, firewall, 'there');
  return firewall;
};
