import { addDisk } from '../../local/world/compute/seed.ts';
import type { HostRef } from '../../shared/model/subject.ts';
import { type Kit, vmOf } from './containment.ts';

/**
 * Attaches one more disk to a VM: a local SSD, or a disk, encrypted with its owner's own key if `customerKey` says so.
 */
export const attachDisk = (
  kit: Kit,
  host: HostRef | undefined,
  deviceName: string,
  kind: 'disk' | 'local SSD',
  customerKey = false,
): void => {
  const vm = vmOf(kit, host);
  const [boot] = vm?.disks ?? [];
  if (vm === undefined || boot === undefined) throw new Error(`no VM to attach ${deviceName} to`);
  const { source: _, ...bare } = { ...boot, deviceName, index: vm.disks.length, boot: false };
  const zone = vm.zone.split('/').at(-1) ?? '';
  vm.disks.push(
    kind === 'local SSD'
      ? { ...bare, type: 'SCRATCH' }
      : {
          ...bare,
          source: addDisk(kit.world.compute.state, { project: 'p1', zone, name: deviceName, customerKey }).selfLink,
        },
  );
};
