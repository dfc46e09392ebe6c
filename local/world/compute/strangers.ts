import { notFound } from './fault.ts';
import { addMember, leave, MANAGER, recreateMember, repairMember, resizeTo, sizeTo } from './group-members.ts';
import { removeInstance } from './instances.ts';
import { alter, type By, recordPresence } from './record.ts';
import type { RawFirewall, RawInstance, RawSnapshot } from './resources.ts';
import { addFirewall, type FirewallSeed } from './seed.ts';
import { endSnapshot } from './snapshots.ts';
import { type ComputeState, fingerprintOf, type GroupState, partial } from './state.ts';

/** Changes to the world that Firebreak does not make. Resources are given by full or partial URL. */
export type Strangers = {
  setTags(instance: string, items: string[], actor?: string): void;
  setMetadata(instance: string, items: Record<string, string>, actor?: string): void;
  setDiskAutoDelete(instance: string, deviceName: string, autoDelete: boolean, actor?: string): void;
  /** Deletes a VM without its group: the group recreates it under its name, with another id. */
  deleteInstance(instance: string, actor?: string): void;
  /** Auto-repair: the VM is deleted and recreated under its name, with another id. */
  recreate(instance: string): void;
  /** The same, where the VM is there until the group comes to delete it. */
  repair(instance: string): void;
  /** Takes a VM out of its group, as the cluster autoscaler or an upgrade does; `andDelete` also deletes it. */
  takeOut(instance: string, andDelete: boolean, actor?: string): void;
  /** Changes the size of a group, as an autoscaler or a person would. */
  resize(group: string, size: number, actor?: string): void;
  /** Adds a member with a given name, as another caller's `createInstances` would. */
  addMember(group: string, name: string, actor?: string): void;
  addFirewall(seed: FirewallSeed, actor?: string): RawFirewall;
  deleteFirewall(firewall: string, actor?: string): void;
  endSnapshot(snapshot: string, status: RawSnapshot['status'], actor?: string): void;
};

/** Makes the strangers of this world. */
export const makeStrangers = (state: ComputeState): Strangers => {
  const instanceAt = (url: string): RawInstance => {
    state.settle();
    const instance = state.instances.get(partial(url));
    if (instance === undefined) throw notFound(url);
    return instance;
  };
  const groupAt = (url: string): GroupState => {
    state.settle();
    const group = state.groups.get(partial(url));
    if (group === undefined) throw notFound(url);
    return group;
  };
  const remove = (url: string, by: By) => {
    const instance = instanceAt(url);
    removeInstance(state, by, instance);
    return instance;
  };
  return {
    setTags: (url, items, actor = 'stranger') =>
      alter(state, { actor, verb: 'setTags' }, instanceAt(url), (instance) => {
        instance.tags = { items, fingerprint: fingerprintOf(items) };
      }),
    setMetadata: (url, given, actor = 'stranger') =>
      alter(state, { actor, verb: 'setMetadata' }, instanceAt(url), (instance) => {
        const items = Object.entries(given).map(([key, value]) => ({ key, value }));
        instance.metadata = { kind: 'compute#metadata', items, fingerprint: fingerprintOf(items) };
      }),
    setDiskAutoDelete: (url, deviceName, autoDelete, actor = 'stranger') =>
      alter(state, { actor, verb: 'setDiskAutoDelete' }, instanceAt(url), (instance) => {
        for (const disk of instance.disks) if (disk.deviceName === deviceName) disk.autoDelete = autoDelete;
      }),
    deleteInstance: (url, actor = 'stranger') => {
      const instance = remove(url, { actor, verb: 'delete' });
      for (const group of state.groups.values()) group.missing(instance);
    },
    recreate: (url) => {
      const instance = remove(url, { actor: MANAGER, verb: 'recreateInstance' });
      for (const group of state.groups.values()) {
        const member = group.members.find((each) => each.id === instance.id);
        if (member !== undefined) recreateMember(state, group, member);
      }
    },
    repair: (url) => {
      const { id } = instanceAt(url);
      for (const group of state.groups.values()) {
        const member = group.members.find((each) => each.id === id);
        if (member !== undefined) repairMember(state, group, member);
      }
    },
    takeOut: (url, andDelete, actor = 'autoscaler') => {
      const { id } = instanceAt(url);
      const verb = andDelete ? 'deleteInstances' : 'abandonInstances';
      for (const group of state.groups.values()) {
        const member = group.members.find((each) => each.id === id);
        if (member === undefined) continue;
        sizeTo(state, { actor, verb }, group, group.raw.targetSize - 1);
        leave(state, group, member, andDelete);
      }
    },
    resize: (url, size, actor = 'autoscaler') => resizeTo(state, { actor, verb: 'resize' }, groupAt(url), size),
    addMember: (url, name, actor = 'stranger') => {
      const group = groupAt(url);
      alter(state, { actor, verb: 'createInstances' }, group.raw, (raw) => {
        raw.targetSize += 1;
      });
      addMember(state, group, name);
    },
    addFirewall: (seed, actor = 'stranger') => addFirewall(state, seed, actor),
    deleteFirewall: (url, actor = 'stranger') => {
      const firewall = state.firewalls.get(partial(url));
      if (firewall === undefined) throw notFound(url);
      state.firewalls.delete(partial(url));
      recordPresence(state, { actor, verb: 'delete' }, firewall, 'gone');
    },
    endSnapshot: (url, status, actor = 'service') => {
      state.settle();
      endSnapshot(state, partial(url), status, actor);
    },
  };
};
