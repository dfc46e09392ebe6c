import { removeInstance } from './instances.ts';
import { alter, type By, recordPresence } from './record.ts';
import type { RawManaged } from './resources.ts';
import { addSurroundings } from './seed.ts';
import { type ComputeState, type GroupState, partial, ROOT } from './state.ts';

/** The actor of changes that a group makes by itself. */
export const MANAGER = 'instance-group-manager';

/** Sets a group's target size. */
export const sizeTo = (state: ComputeState, by: By, group: GroupState, size: number): void =>
  alter(state, by, group.raw, (raw) => {
    raw.targetSize = size;
  });

/** Creates a member's VM: for a new member, or again under the same name for a missing VM. */
const fill = (state: ComputeState, group: GroupState, member: RawManaged): void => {
  const url = partial(member.instance);
  const zone = url.split('/')[3] ?? '';
  const instance = group.template(member.name, zone);
  addSurroundings(state, instance);
  state.instances.set(url, instance);
  member.id = instance.id;
  member.currentAction = 'NONE';
  member.instanceStatus = 'RUNNING';
  delete member.lastAttempt;
  recordPresence(state, { actor: MANAGER, verb: 'createInstance' }, instance, 'there');
};

/** Creates a member's VM a little later. Without capacity, the group notes the error and tries again. */
const fillLater = (state: ComputeState, group: GroupState, member: RawManaged): void =>
  state.later(state.durations.group, () => {
    if (!group.members.includes(member)) return;
    if (state.stockout === undefined) return fill(state, group, member);
    member.lastAttempt = { errors: { errors: [state.stockout] } };
    fillLater(state, group, member);
  });

/** Adds a member; its VM is created a little later. */
export const addMember = (state: ComputeState, group: GroupState, name: string): void => {
  const [, project] = partial(group.raw.selfLink).split('/');
  const zone = group.zones[group.members.length % group.zones.length] ?? '';
  const member: RawManaged = {
    instance: `${ROOT}projects/${project}/zones/${zone}/instances/${name}`,
    name,
    currentAction: 'CREATING',
  };
  group.members.push(member);
  fillLater(state, group, member);
};

/** The group recreates a member under its name, as it does for auto-repair and for a lost VM. */
export const recreateMember = (state: ComputeState, group: GroupState, member: RawManaged): void => {
  member.currentAction = 'RECREATING';
  delete member.id;
  delete member.instanceStatus;
  fillLater(state, group, member);
};

/** Auto-repair as it begins: the member still has its VM, which is deleted a little later, and only then made again. */
export const repairMember = (state: ComputeState, group: GroupState, member: RawManaged): void => {
  member.currentAction = 'RECREATING';
  state.later(state.durations.group, () => {
    const instance = state.instances.get(partial(member.instance));
    if (!group.members.includes(member) || instance === undefined || instance.id !== member.id) return;
    removeInstance(state, { actor: MANAGER, verb: 'recreateInstance' }, instance);
    recreateMember(state, group, member);
  });
};

/** Takes a member out of its group a little later; `andDelete` also deletes its VM. */
export const leave = (state: ComputeState, group: GroupState, member: RawManaged, andDelete: boolean): void => {
  member.currentAction = andDelete ? 'DELETING' : 'ABANDONING';
  state.later(state.durations.group, () => {
    const at = group.members.indexOf(member);
    if (at >= 0) group.members.splice(at, 1);
    const instance = state.instances.get(partial(member.instance));
    if (!andDelete || instance === undefined || instance.id !== member.id) return;
    removeInstance(state, { actor: MANAGER, verb: 'deleteInstance' }, instance);
  });
};

const freshName = (state: ComputeState, group: GroupState): string =>
  `${group.raw.baseInstanceName}-${state.random().slice(0, 4)}`;

/** Brings a group to a size: adds members under generated names, or deletes the newest ones. */
export const resizeTo = (state: ComputeState, by: By, group: GroupState, size: number): void => {
  const staying = group.members.filter((each) => !/^(DELETING|ABANDONING)$/.test(each.currentAction));
  sizeTo(state, by, group, size);
  for (let n = staying.length; n < size; n += 1) addMember(state, group, freshName(state, group));
  for (const member of staying.slice(size)) leave(state, group, member, true);
};
