import { computeUrl } from '../compute-url.ts';
import { Denied, Malformed } from '../errors.ts';
import { isComputeName, isInstanceId, isLocation, isProjectId } from '../kubernetes/names.ts';
import type { ComputeReader, Disk, Group, InstanceRef, ManagedInstance, Snapshot } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { errorOf, isGone } from './compute-failure.ts';
import { hasNetworkPolicies, readEffective, readFirewall } from './compute-firewalls.ts';
import { readInstance } from './compute-instances.ts';
import { checkedUrl, partialUrl, readOperation, readReply, readTime } from './compute-read.ts';
import { diskReply, groupReply, managedPage, networkReply, snapshotPage, snapshotReply } from './compute-shapes.ts';

/** The label that tells a snapshot of ours. */
export const SNAPSHOT_LABEL = { firebreak: 'evidence' } as const;

/** A read that gives undefined for what is not there. */
const orUndefined = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await call();
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw errorOf(thrown, what);
  }
};

const checkName = (ref: { project: string; name: string }, what: string): void => {
  if (isProjectId(ref.project) && isComputeName(ref.name)) return;
  throw new Malformed(`not the name of a ${what}: ${JSON.stringify(ref).slice(0, 300)}`);
};

const checkInstance = ({ project, zone, name }: InstanceRef): void => {
  if (isProjectId(project) && isLocation(zone) && (isComputeName(name) || isInstanceId(name))) return;
  throw new Malformed(`not the place of a VM: ${JSON.stringify({ project, zone, name }).slice(0, 300)}`);
};

/** All items of a listing, however many pages; a listing without end is refused after 1,000 of them. */
const allPages = async <T>(
  page: (pageToken: string | undefined) => Promise<{ items: T[]; next?: string }>,
): Promise<T[]> => {
  const all: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < 1000; pages += 1) {
    const { items, next } = await page(token);
    all.push(...items);
    if (next === undefined || next === '') return all;
    token = next;
  }
  throw new Malformed('the listing has no end');
};

const more = (token: string | undefined) => (token === undefined ? {} : { pageToken: token });
const next = (token: string | undefined) => (token === undefined ? {} : { next: token });

const readDisk = (at: ReturnType<typeof checkedUrl>, reply: unknown): Disk => {
  const { diskEncryptionKey: key, ...read } = readReply('a disk', diskReply, reply);
  const { project, zone, region } = at;
  return {
    ...read,
    url: computeUrl(at),
    project,
    ...(zone === undefined ? {} : { zone }),
    ...(region === undefined ? {} : { region }),
    ...(key?.kmsKeyName === undefined ? {} : { kmsKey: key.kmsKeyName }),
    customerKey: key?.sha256 !== undefined && key.kmsKeyName === undefined,
  };
};

const readSnapshot = (project: string, reply: unknown): Snapshot => {
  const { creationTimestamp, sourceDisk, ...read } = readReply('a snapshot', snapshotReply, reply);
  return {
    ...read,
    project,
    sourceDisk: partialUrl(sourceDisk),
    createdAt: readTime('a snapshot', creationTimestamp),
  };
};

const readGroup = (at: ReturnType<typeof checkedUrl>, reply: unknown): Group => {
  const { id, name, targetSize, baseInstanceName, autoHealingPolicies, status } = readReply(
    'a group',
    groupReply,
    reply,
  );
  const { project, zone, region } = at;
  return {
    url: computeUrl(at),
    id,
    name,
    project,
    ...(zone === undefined ? {} : { zone }),
    ...(region === undefined ? {} : { region }),
    targetSize,
    baseInstanceName,
    autoscaled: status.autoscaler !== undefined && status.autoscaler !== '',
    autoHealing: autoHealingPolicies.length > 0,
  };
};

const readManaged = (reply: unknown): { items: ManagedInstance[]; next?: string } => {
  const page = readReply('the members of a group', managedPage, reply);
  const items = page.managedInstances.map((raw) => {
    const { zone = '', name } = checkedUrl(raw.instance, 'instances');
    return {
      url: partialUrl(raw.instance),
      name,
      zone,
      ...(raw.id === undefined || raw.id === '0' ? {} : { id: raw.id }),
      action: raw.currentAction,
      ...(raw.instanceStatus === undefined ? {} : { status: raw.instanceStatus }),
    };
  });
  return { items, ...next(page.nextPageToken) };
};

/** A network's own setting; where we may not read it, the order that shows more of what could let traffic through. */
const policyOrder = async (call: ComputeCall, network: string): Promise<'before-vpc' | 'after-vpc'> => {
  const { project, name } = checkedUrl(network, 'networks');
  try {
    const reply = readReply('a network', networkReply, await call('Networks.Get', { project, network: name }));
    return reply.networkFirewallPolicyEnforcementOrder === 'BEFORE_CLASSIC_FIREWALL' ? 'before-vpc' : 'after-vpc';
  } catch (thrown) {
    if (isGone(thrown) || errorOf(thrown, 'network') instanceof Denied) return 'before-vpc';
    throw thrown;
  }
};

/** The reads over whatever answers the calls: the real service, or the simulated one. */
export const computeReader = (call: ComputeCall): ComputeReader => ({
  instance: async (ref) => {
    checkInstance(ref);
    const { project, zone, name } = ref;
    return orUndefined(`instance ${zone}/${name}`, async () =>
      readInstance({ project, zone }, await call('Instances.Get', { project, zone, instance: name })),
    );
  },
  disk: async (url) => {
    const at = checkedUrl(url, 'disks');
    const { project, zone, region = '', name } = at;
    return orUndefined(`disk ${url}`, async () =>
      readDisk(
        at,
        zone === undefined
          ? await call('RegionDisks.Get', { project, region, disk: name })
          : await call('Disks.Get', { project, zone, disk: name }),
      ),
    );
  },
  snapshot: async ({ project, name }) => {
    checkName({ project, name }, 'snapshot');
    return orUndefined(`snapshot ${name}`, async () =>
      readSnapshot(project, await call('Snapshots.Get', { project, snapshot: name })),
    );
  },
  snapshotsOf: async ({ project, id }) => {
    if (!isProjectId(project) || !isInstanceId(id)) throw new Malformed('not the id of a disk');
    const filter = Object.entries(SNAPSHOT_LABEL).map(([key, value]) => `labels.${key} = "${value}"`);
    const found = await orUndefined(`snapshots of disk ${id}`, () =>
      allPages(async (token) => {
        const request = { project, filter: filter.join(' AND '), maxResults: 500, ...more(token) };
        const page = readReply('snapshots', snapshotPage, await call('Snapshots.List', request));
        return { items: page.items.map((raw) => readSnapshot(project, raw)), ...next(page.nextPageToken) };
      }),
    );
    return (found ?? [])
      .filter((snapshot) => snapshot.sourceDiskId === id)
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  },
  group: async (url) => {
    const at = checkedUrl(url, 'instanceGroupManagers');
    const { project, zone, region = '', name: instanceGroupManager } = at;
    return orUndefined(`group ${url}`, async () =>
      readGroup(
        at,
        zone === undefined
          ? await call('RegionInstanceGroupManagers.Get', { project, region, instanceGroupManager })
          : await call('InstanceGroupManagers.Get', { project, zone, instanceGroupManager }),
      ),
    );
  },
  managedInstances: async (url) => {
    const { project, zone, region = '', name } = checkedUrl(url, 'instanceGroupManagers');
    return orUndefined(`members of ${url}`, () =>
      allPages(async (token) => {
        const request = { project, instanceGroupManager: name, maxResults: 500, ...more(token) };
        return readManaged(
          zone === undefined
            ? await call('RegionInstanceGroupManagers.ListManagedInstances', { ...request, region })
            : await call('InstanceGroupManagers.ListManagedInstances', { ...request, zone }),
        );
      }),
    );
  },
  effectiveFirewalls: async (ref, nic) => {
    checkInstance(ref);
    const { project, zone, name: instance } = ref;
    return orUndefined(`firewalls of ${zone}/${instance}`, async () => {
      const reply = await call('Instances.GetEffectiveFirewalls', { project, zone, instance, networkInterface: nic });
      if (!hasNetworkPolicies(reply)) return readEffective(reply, 'after-vpc');
      const vm = readInstance({ project, zone }, await call('Instances.Get', { project, zone, instance }));
      const network = vm.interfaces.find((each) => each.name === nic)?.network;
      return readEffective(reply, network === undefined ? 'before-vpc' : await policyOrder(call, network));
    });
  },
  firewall: async ({ project, name }) => {
    checkName({ project, name }, 'firewall rule');
    return orUndefined(`firewall rule ${name}`, async () =>
      readFirewall(await call('Firewalls.Get', { project, firewall: name })),
    );
  },
  operation: async (url) => {
    const { project, zone, region, name } = checkedUrl(url, 'operations');
    return orUndefined(`operation ${name}`, async () => {
      if (zone !== undefined) {
        return readOperation({ project, zone }, await call('ZoneOperations.Get', { project, zone, operation: name }));
      }
      if (region !== undefined) {
        const request = { project, region, operation: name };
        return readOperation({ project, region }, await call('RegionOperations.Get', request));
      }
      return readOperation({ project }, await call('GlobalOperations.Get', { project, operation: name }));
    });
  },
});
