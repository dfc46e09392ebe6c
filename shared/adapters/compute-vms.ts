import { isComputeName, isInstanceId, isLocation, isProjectId } from '../kubernetes/names.ts';
import type { ComputeReader, ComputeWriter, InstanceRef, VmRef } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { changed, checkRequestId, fits, orUndefined } from './compute-calls.ts';
import { readInstance } from './compute-instances.ts';

/** Parameters for a VM by its name or its id; Malformed if the place breaks the platform's grammar. */
export const vmAt = (ref: InstanceRef): { project: string; zone: string; instance: string } => {
  const { project, zone, name } = ref;
  const named = isComputeName(name) || isInstanceId(name);
  fits(isProjectId(project) && isLocation(zone) && named, 'the place of a VM', { project, zone, name });
  return { project, zone, instance: name };
};

const changeAt = ({ project, zone, id }: VmRef, requestId: string) => {
  checkRequestId(requestId);
  fits(isInstanceId(id), 'the id of a VM', id);
  return { ...vmAt({ project, zone, name: id }), requestId };
};

/** Whether a text is an interface's name: `nic0`, or `nic0.2` for a dynamic one. */
export const isNicName = (text: string): boolean => /^nic\d{1,2}(\.\d{1,4})?$/.test(text);
/** Names of access configs and attached disks: printable, and bounded. */
const LABEL = /^\w[\w .()-]{0,99}$/;
const KEY = /^[\w-]{1,128}$/;

type VmPorts = Pick<ComputeReader, 'instance'> &
  Pick<
    ComputeWriter,
    'setDiskAutoDelete' | 'setTags' | 'setMetadata' | 'deleteAccessConfig' | 'addAccessConfig' | 'deleteInstance'
  >;

/** The ports for VMs. Changes name a VM by its id; the service accepts an id in place of a name. */
export const vmPorts = (call: ComputeCall): VmPorts => ({
  instance: async (ref) => {
    const at = vmAt(ref);
    return orUndefined(`instance ${ref.zone}/${ref.name}`, async () =>
      readInstance(at, await call('Instances.Get', at)),
    );
  },
  setDiskAutoDelete: async ({ vm, deviceName, autoDelete, requestId }) => {
    const at = changeAt(vm, requestId);
    fits(LABEL.test(deviceName), 'a device name', deviceName);
    return changed(`setDiskAutoDelete of VM ${vm.id}`, vm, () =>
      call('Instances.SetDiskAutoDelete', { ...at, deviceName, autoDelete }),
    );
  },
  setTags: async ({ vm, items, fingerprint, requestId }) => {
    const at = changeAt(vm, requestId);
    fits(items.every(isComputeName), 'tags', items);
    return changed(`setTags of VM ${vm.id}`, vm, () =>
      call('Instances.SetTags', { ...at, tagsResource: { items, fingerprint } }),
    );
  },
  setMetadata: async ({ vm, items, fingerprint, requestId }) => {
    const at = changeAt(vm, requestId);
    const keys = Object.keys(items);
    fits(
      keys.every((key) => KEY.test(key)),
      'metadata keys',
      keys,
    );
    const list = Object.entries(items).map(([key, value]) => ({ key, value }));
    return changed(`setMetadata of VM ${vm.id}`, vm, () =>
      call('Instances.SetMetadata', { ...at, metadataResource: { items: list, fingerprint } }),
    );
  },
  deleteAccessConfig: async ({ vm, nic, name, requestId }) => {
    const at = changeAt(vm, requestId);
    fits(isNicName(nic) && LABEL.test(name), 'an access config', [nic, name]);
    return changed(`deleteAccessConfig of VM ${vm.id}`, vm, () =>
      call('Instances.DeleteAccessConfig', { ...at, networkInterface: nic, accessConfig: name }),
    );
  },
  addAccessConfig: async ({ vm, nic, config, requestId }) => {
    const at = changeAt(vm, requestId);
    fits(isNicName(nic) && LABEL.test(config.name), 'an access config', [nic, config.name]);
    return changed(`addAccessConfig of VM ${vm.id}`, vm, () =>
      call('Instances.AddAccessConfig', { ...at, networkInterface: nic, accessConfigResource: config }),
    );
  },
  deleteInstance: async ({ vm, requestId }) => {
    const at = changeAt(vm, requestId);
    return changed(`delete of VM ${vm.id}`, vm, () => call('Instances.Delete', at));
  },
});
