import { type ComputeResource, computeUrl } from '../compute-url.ts';
import { Malformed } from '../errors.ts';
import { isComputeName, isInstanceId, isLocation, isProjectId } from '../kubernetes/names.ts';
import type { Changed, ComputeWriter, FirewallRule, Made, VmRef } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { errorOf, isGone, isTaken } from './compute-failure.ts';
import { firewallResource } from './compute-firewalls.ts';
import { checkedUrl, readOperation } from './compute-read.ts';
import { SNAPSHOT_LABEL } from './compute-reader.ts';

type Place = { project: string; zone?: string; region?: string };

/** A change of something that must be there. */
const changed = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Changed> => {
  let reply: unknown;
  try {
    reply = await call();
  } catch (thrown) {
    if (isGone(thrown)) return 'gone';
    throw errorOf(thrown, what);
  }
  return readOperation(place, reply);
};

/** The making of something under a name that may be taken. */
const made = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Made> => {
  let reply: unknown;
  try {
    reply = await call();
  } catch (thrown) {
    if (isTaken(thrown)) return 'exists';
    if (isGone(thrown)) return 'gone';
    throw errorOf(thrown, what);
  }
  return readOperation(place, reply);
};

const fits = (ok: boolean, what: string, value: unknown): void => {
  if (!ok) throw new Malformed(`not ${what}: ${JSON.stringify(value).slice(0, 200)}`);
};

const checkId = (requestId: string): void =>
  fits(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(requestId) && /[1-9a-f]/.test(requestId),
    'a request id',
    requestId,
  );

const vmRequest = ({ project, zone, id }: VmRef, requestId: string) => {
  checkId(requestId);
  fits(isProjectId(project) && isLocation(zone) && isInstanceId(id), 'the place of a VM', { project, zone, id });
  return { project, zone, instance: id, requestId };
};

const NIC = /^nic\d{1,2}(\.\d{1,4})?$/;
/** What access configs and device names are called: printable, and bounded. */
const LABEL = /^[\w][\w .()-]{0,99}$/;

/** What becomes of a group, in the zonal and in the regional form of the call. */
const groupAt = (url: string, requestId: string) => {
  checkId(requestId);
  const { project, zone, region = '', name } = checkedUrl(url, 'instanceGroupManagers');
  return { project, zone, region, common: { project, instanceGroupManager: name, requestId } };
};
const placeOf = ({ project, zone, region }: { project: string; zone: string | undefined; region: string }): Place =>
  zone === undefined ? { project, region } : { project, zone };

const groupChanges = (call: ComputeCall) => ({
  abandonInstance: async (of: { group: string; instance: string; requestId: string }): Promise<Changed> => {
    const { common, ...at } = groupAt(of.group, of.requestId);
    const body = { instances: [computeUrl(checkedUrl(of.instance, 'instances'))] };
    return changed(`abandonInstances of ${of.group}`, placeOf(at), () =>
      at.zone === undefined
        ? call('RegionInstanceGroupManagers.AbandonInstances', {
            ...common,
            region: at.region,
            regionInstanceGroupManagersAbandonInstancesRequestResource: body,
          })
        : call('InstanceGroupManagers.AbandonInstances', {
            ...common,
            zone: at.zone,
            instanceGroupManagersAbandonInstancesRequestResource: body,
          }),
    );
  },
  deleteGroupInstance: async (of: { group: string; instance: string; requestId: string }): Promise<Changed> => {
    const { common, ...at } = groupAt(of.group, of.requestId);
    const body = { instances: [computeUrl(checkedUrl(of.instance, 'instances'))] };
    return changed(`deleteInstances of ${of.group}`, placeOf(at), () =>
      at.zone === undefined
        ? call('RegionInstanceGroupManagers.DeleteInstances', {
            ...common,
            region: at.region,
            regionInstanceGroupManagersDeleteInstancesRequestResource: body,
          })
        : call('InstanceGroupManagers.DeleteInstances', {
            ...common,
            zone: at.zone,
            instanceGroupManagersDeleteInstancesRequestResource: body,
          }),
    );
  },
  createInstance: async (of: { group: string; name: string; requestId: string }): Promise<Made> => {
    const { common, ...at } = groupAt(of.group, of.requestId);
    fits(isComputeName(of.name), 'the name of a VM', of.name);
    const body = { instances: [{ name: of.name }] };
    return made(`createInstances of ${of.group}`, placeOf(at), () =>
      at.zone === undefined
        ? call('RegionInstanceGroupManagers.CreateInstances', {
            ...common,
            region: at.region,
            regionInstanceGroupManagersCreateInstancesRequestResource: body,
          })
        : call('InstanceGroupManagers.CreateInstances', {
            ...common,
            zone: at.zone,
            instanceGroupManagersCreateInstancesRequestResource: body,
          }),
    );
  },
  resizeGroup: async (of: { group: string; size: number; requestId: string }): Promise<Changed> => {
    const { common, ...at } = groupAt(of.group, of.requestId);
    fits(Number.isSafeInteger(of.size) && of.size >= 0, 'a size', of.size);
    return changed(`resize of ${of.group}`, placeOf(at), () =>
      at.zone === undefined
        ? call('RegionInstanceGroupManagers.Resize', { ...common, region: at.region, size: of.size })
        : call('InstanceGroupManagers.Resize', { ...common, zone: at.zone, size: of.size }),
    );
  },
});

const vmChanges = (call: ComputeCall) => ({
  setDiskAutoDelete: async (of: Parameters<ComputeWriter['setDiskAutoDelete']>[0]): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    fits(LABEL.test(of.deviceName), 'a device name', of.deviceName);
    return changed(`setDiskAutoDelete of VM ${of.vm.id}`, of.vm, () =>
      call('Instances.SetDiskAutoDelete', { ...request, deviceName: of.deviceName, autoDelete: of.autoDelete }),
    );
  },
  setTags: async (of: Parameters<ComputeWriter['setTags']>[0]): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    fits(of.items.every(isComputeName), 'tags', of.items);
    return changed(`setTags of VM ${of.vm.id}`, of.vm, () =>
      call('Instances.SetTags', { ...request, tagsResource: { items: of.items, fingerprint: of.fingerprint } }),
    );
  },
  setMetadata: async (of: Parameters<ComputeWriter['setMetadata']>[0]): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    const items = Object.entries(of.items).map(([key, value]) => ({ key, value }));
    fits(
      items.every(({ key }) => /^[\w-]{1,128}$/.test(key)),
      'metadata keys',
      items.map(({ key }) => key),
    );
    return changed(`setMetadata of VM ${of.vm.id}`, of.vm, () =>
      call('Instances.SetMetadata', { ...request, metadataResource: { items, fingerprint: of.fingerprint } }),
    );
  },
  deleteAccessConfig: async (of: Parameters<ComputeWriter['deleteAccessConfig']>[0]): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    fits(NIC.test(of.nic) && LABEL.test(of.name), 'an access config', [of.nic, of.name]);
    return changed(`deleteAccessConfig of VM ${of.vm.id}`, of.vm, () =>
      call('Instances.DeleteAccessConfig', { ...request, networkInterface: of.nic, accessConfig: of.name }),
    );
  },
  addAccessConfig: async (of: Parameters<ComputeWriter['addAccessConfig']>[0]): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    fits(NIC.test(of.nic) && LABEL.test(of.config.name), 'an access config', [of.nic, of.config.name]);
    return changed(`addAccessConfig of VM ${of.vm.id}`, of.vm, () =>
      call('Instances.AddAccessConfig', { ...request, networkInterface: of.nic, accessConfigResource: of.config }),
    );
  },
  deleteInstance: async (of: { vm: VmRef; requestId: string }): Promise<Changed> => {
    const request = vmRequest(of.vm, of.requestId);
    return changed(`delete of VM ${of.vm.id}`, of.vm, () => call('Instances.Delete', request));
  },
});

const checkRule = (rule: FirewallRule): ComputeResource => {
  const network = checkedUrl(rule.network, 'networks');
  fits(isComputeName(rule.name) && rule.targetTags.every(isComputeName), 'a firewall rule', rule.name);
  return network;
};

/** The changes over whatever answers the calls: the real service, or the simulated one. */
export const computeWriter = (call: ComputeCall): ComputeWriter => ({
  ...vmChanges(call),
  ...groupChanges(call),
  createSnapshot: async ({ disk, name, labels, description, requestId }) => {
    checkId(requestId);
    const source = checkedUrl(disk, 'disks');
    fits(isComputeName(name), 'the name of a snapshot', name);
    const { project } = source;
    return made(`snapshot of ${disk}`, { project }, () =>
      call('Snapshots.Insert', {
        project,
        requestId,
        snapshotResource: {
          name,
          sourceDisk: computeUrl(source),
          labels: { ...labels, ...SNAPSHOT_LABEL },
          ...(description === undefined ? {} : { description }),
        },
      }),
    );
  },
  insertFirewall: async ({ rule, requestId }) => {
    checkId(requestId);
    const { project } = checkRule(rule);
    return made(`firewall rule ${rule.name}`, { project }, () =>
      call('Firewalls.Insert', { project, requestId, firewallResource: firewallResource(rule) }),
    );
  },
  deleteFirewall: async ({ project, name, requestId }) => {
    checkId(requestId);
    fits(isProjectId(project) && isComputeName(name), 'a firewall rule', { project, name });
    return changed(`firewall rule ${name}`, { project }, () =>
      call('Firewalls.Delete', { project, requestId, firewall: name }),
    );
  },
});
