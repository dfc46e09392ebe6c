import { type ComputeResource, computeUrl, partialUrl, resourceName } from '../compute-url.ts';
import { isComputeName } from '../kubernetes/names.ts';
import type { ComputeReader, ComputeWriter, Group, ManagedInstance } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { allPages, changed, checkedUrl, checkRequestId, fits, made, orUndefined, type Place } from './compute-calls.ts';
import { readReply, repliedUrl } from './compute-read.ts';
import { groupReply, managedPage } from './compute-shapes.ts';

const readGroup = (at: ComputeResource, reply: unknown): Group => {
  const read = readReply('a group', groupReply, reply);
  const { project, zone, region } = at;
  return {
    url: computeUrl(at),
    id: read.id,
    name: read.name,
    project,
    ...(zone === undefined ? {} : { zone }),
    ...(region === undefined ? {} : { region }),
    targetSize: read.targetSize,
    baseInstanceName: read.baseInstanceName,
    autoscaled: read.status.autoscaler !== undefined && read.status.autoscaler !== '',
    autoHealing: read.autoHealingPolicies.length > 0,
  };
};

const troubleOf = (errors: ReadonlyArray<{ code?: string; message?: string }> = []): { trouble?: string } => {
  const [first] = errors;
  if (first === undefined) return {};
  return {
    trouble: [first.code, first.message]
      .filter((part) => part !== undefined)
      .join(': ')
      .slice(0, 500),
  };
};

const readMembers = (reply: unknown): { items: ManagedInstance[]; next: string | undefined } => {
  const page = readReply('the members of a group', managedPage, reply);
  const items = page.managedInstances
    .filter(({ instance }) => instance !== '')
    .map((raw) => {
      const { zone = '', name } = repliedUrl('the members of a group', raw.instance, 'instances');
      return {
        url: partialUrl(raw.instance),
        name,
        zone,
        ...(raw.id === undefined || raw.id === '0' ? {} : { id: raw.id }),
        action: raw.currentAction,
        ...(raw.instanceStatus === undefined ? {} : { status: raw.instanceStatus }),
        ...troubleOf(raw.lastAttempt?.errors?.errors),
      };
    });
  return { items, next: page.nextPageToken };
};

/** The parameters that name a group in calls of its kind. */
type At = { zonal: { project: string; zone: string; instanceGroupManager: string } } | { regional: RegionalAt };
type RegionalAt = { project: string; region: string; instanceGroupManager: string };

const atOf = (url: string): { at: At; place: Place; resource: ComputeResource } => {
  const resource = checkedUrl(url, 'instanceGroupManagers');
  const { project, zone, region = '', name: instanceGroupManager } = resource;
  if (zone === undefined) {
    return { at: { regional: { project, region, instanceGroupManager } }, place: { project, region }, resource };
  }
  return { at: { zonal: { project, zone, instanceGroupManager } }, place: { project, zone }, resource };
};

type GroupPorts = Pick<ComputeReader, 'group' | 'managedInstances'> &
  Pick<ComputeWriter, 'abandonInstance' | 'deleteGroupInstance' | 'createInstance' | 'resizeGroup'>;

/** The ports for managed instance groups. Zonal and regional groups are two separate services. */
export const groupPorts = (call: ComputeCall): GroupPorts => ({
  group: async (url) => {
    const { at, resource } = atOf(url);
    return orUndefined(`group ${resourceName(url)}`, async () =>
      readGroup(
        resource,
        'zonal' in at
          ? await call('InstanceGroupManagers.Get', at.zonal)
          : await call('RegionInstanceGroupManagers.Get', at.regional),
      ),
    );
  },
  managedInstances: async (url) => {
    const { at } = atOf(url);
    return orUndefined(`members of ${resourceName(url)}`, () =>
      allPages(async (from) => {
        const page = { maxResults: 500, ...from };
        return readMembers(
          'zonal' in at
            ? await call('InstanceGroupManagers.ListManagedInstances', { ...at.zonal, ...page })
            : await call('RegionInstanceGroupManagers.ListManagedInstances', { ...at.regional, ...page }),
        );
      }),
    );
  },
  abandonInstance: async ({ group, instance, requestId }) => {
    checkRequestId(requestId);
    const { at, place } = atOf(group);
    const members = { instances: [computeUrl(checkedUrl(instance, 'instances'))] };
    return changed(`abandonInstances of ${group}`, place, () =>
      'zonal' in at
        ? call('InstanceGroupManagers.AbandonInstances', {
            ...at.zonal,
            requestId,
            instanceGroupManagersAbandonInstancesRequestResource: members,
          })
        : call('RegionInstanceGroupManagers.AbandonInstances', {
            ...at.regional,
            requestId,
            regionInstanceGroupManagersAbandonInstancesRequestResource: members,
          }),
    );
  },
  deleteGroupInstance: async ({ group, instance, requestId }) => {
    checkRequestId(requestId);
    const { at, place } = atOf(group);
    const members = { instances: [computeUrl(checkedUrl(instance, 'instances'))] };
    return changed(`deleteInstances of ${group}`, place, () =>
      'zonal' in at
        ? call('InstanceGroupManagers.DeleteInstances', {
            ...at.zonal,
            requestId,
            instanceGroupManagersDeleteInstancesRequestResource: members,
          })
        : call('RegionInstanceGroupManagers.DeleteInstances', {
            ...at.regional,
            requestId,
            regionInstanceGroupManagersDeleteInstancesRequestResource: members,
          }),
    );
  },
  createInstance: async ({ group, name, requestId }) => {
    checkRequestId(requestId);
    const { at, place } = atOf(group);
    fits(isComputeName(name), 'the name of a VM', name);
    const names = { instances: [{ name }] };
    return made(`createInstances of ${group}`, place, () =>
      'zonal' in at
        ? call('InstanceGroupManagers.CreateInstances', {
            ...at.zonal,
            requestId,
            instanceGroupManagersCreateInstancesRequestResource: names,
          })
        : call('RegionInstanceGroupManagers.CreateInstances', {
            ...at.regional,
            requestId,
            regionInstanceGroupManagersCreateInstancesRequestResource: names,
          }),
    );
  },
  resizeGroup: async ({ group, size, requestId }) => {
    checkRequestId(requestId);
    const { at, place } = atOf(group);
    fits(Number.isSafeInteger(size) && size >= 0, 'a size', size);
    return changed(`resize of ${group}`, place, () =>
      'zonal' in at
        ? call('InstanceGroupManagers.Resize', { ...at.zonal, requestId, size })
        : call('RegionInstanceGroupManagers.Resize', { ...at.regional, requestId, size }),
    );
  },
});
