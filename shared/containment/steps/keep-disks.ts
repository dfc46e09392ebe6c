import { z } from 'zod';
import { partialUrl } from '../../compute-url.ts';
import type { Instance } from '../../model/compute.ts';
import type { Entry } from '../../model/entry.ts';
import { goneVm, instanceOf, type NodeContext, noVm, vmOf } from '../host.ts';
import { readImage } from '../image.ts';
import { stillThere } from '../nothing-left.ts';
import { advance, isUntold, type Task, waiting } from '../operations.ts';
import type { Applied, StepOf } from '../step.ts';

const ID = 'keep-disks';
/** `sources`: the disk behind each device name, since another one may be attached under that name later. */
const image = z.object({ devices: z.array(z.string()), sources: z.record(z.string(), z.string()).exactOptional() });

/** Every disk that may be kept: all but local SSDs. If another may not be kept, the service itself refuses. */
const persistent = (instance: Instance) => instance.disks.filter((disk) => disk.type !== 'SCRATCH');
const local = (instance: Instance): string[] =>
  instance.disks.filter((d) => d.type === 'SCRATCH').map((d) => d.deviceName);

/** The devices with auto-delete on (or off), of those in `among` if it is given. */
const devicesWith = (instance: Instance, autoDelete: boolean, among?: readonly string[]): string[] =>
  persistent(instance)
    .filter((disk) => disk.autoDelete === autoDelete && (among === undefined || among.includes(disk.deviceName)))
    .map((disk) => disk.deviceName);

/** The disks by device name. */
const sourcesOf = (instance: Instance, devices: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    instance.disks.flatMap(({ deviceName, source }) =>
      source === undefined || !devices.includes(deviceName) ? [] : [[deviceName, partialUrl(source)]],
    ),
  );

/** Those devices of the image that are still the same disks, where the image tells which they were. */
const sameDevices = (instance: Instance, { devices, sources = {} }: z.infer<typeof image>): string[] => {
  const now = sourcesOf(instance, devices);
  return devices.filter((name) => !Object.hasOwn(sources, name) || sources[name] === now[name]);
};

const taskKey = (deviceName: string, autoDelete: boolean): string => `${autoDelete ? 'delete' : 'keep'} ${deviceName}`;

const tasks = (context: NodeContext, devices: readonly string[], autoDelete: boolean): Task[] => {
  const vm = vmOf(context.subject.host);
  if (vm === undefined) return [];
  return devices.map((deviceName) => ({
    key: taskKey(deviceName, autoDelete),
    send: (requestId) => context.computeWrite.setDiskAutoDelete({ vm, deviceName, autoDelete, requestId }),
  }));
};

/** The end of the step; of which disks it does not know that it has turned auto-delete off itself, it says so. */
const kept = (devices: readonly string[], entry: Pick<Entry, 'operation'>): Applied => {
  const untold = devices.filter((deviceName) => isUntold(entry, taskKey(deviceName, false)));
  return untold.length === 0
    ? { outcome: 'applied' }
    : { outcome: 'applied', because: `already off when this step looked: ${untold.join(', ')}` };
};

/** Lets the disks outlive the VM, whoever deletes the VM. */
export const keepDisks: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Turns off auto-delete on every persistent disk of the VM, so that the disks survive its deletion.',
  journal: 'host',
  undoable: true,
  pace: 'alongside',
  atOnce: () => 5,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instances.setDiskAutoDelete',
      'compute.disks.update',
      'compute.zoneOperations.get',
    ],
    rbac: [],
  },

  // Since the first image a disk may have been attached, or auto-delete turned on again.
  refresh: (before, now) => {
    const [was, is] = [readImage(image, before, ID), readImage(image, now, ID)];
    return { devices: [...new Set([...was.devices, ...is.devices])], sources: { ...was.sources, ...is.sources } };
  },

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    const devices = devicesWith(instance, true);
    return devices.length === 0
      ? { outcome: 'already', because: 'no persistent disk would be deleted with the VM' }
      : { outcome: 'captured', before: { devices, sources: sourcesOf(instance, devices) } };
  },

  apply: async (context, before) => {
    const { devices } = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return goneVm(context);
    const left = devicesWith(instance, true, devices);
    if (left.length === 0) return kept(devices, context.entry);
    const advanced = await advance(context.compute, context.entry, tasks(context, left, false));
    if (advanced.open) return waiting(advanced, 'auto-delete is being turned off');
    if (advanced.failures.length > 0) return { outcome: 'failed', because: advanced.failures.join('; ') };
    return kept(devices, advanced);
  },

  verify: async (context, before) => {
    const { devices } = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return { proof: 'not proven', because: goneVm(context).because };
    const still = devicesWith(instance, true, devices);
    const lost = local(instance);
    const because =
      lost.length === 0 ? {} : { because: `local SSD ${lost.join(', ')} is lost with the VM in any case` };
    return still.length === 0
      ? { proof: 'proven', ...because }
      : { proof: 'not proven', because: `auto-delete is on for ${still.join(', ')}` };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return { outcome: 'not-undoable', because: goneVm(context).because };
    // A disk that was detached meanwhile is not in the list, and the service would refuse to change it.
    const left = devicesWith(instance, false, sameDevices(instance, was));
    if (left.length === 0) return { outcome: 'undone' };
    const advanced = await advance(context.compute, context.entry, tasks(context, left, true));
    if (advanced.open) return waiting(advanced, 'auto-delete is being turned on again');
    if (advanced.failures.length > 0) return { outcome: 'given-up', because: advanced.failures.join('; ') };
    const now = await instanceOf(context);
    const still = now === undefined ? [] : devicesWith(now, false, left);
    return still.length === 0 ? { outcome: 'undone' } : stillThere(`auto-delete is still off for ${still.join(', ')}`);
  },
};
