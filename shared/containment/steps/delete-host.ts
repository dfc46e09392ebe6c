import { z } from 'zod';
import { partialUrl } from '../../compute-url.ts';
import type { Instance, ManagedInstance } from '../../model/compute.ts';
import { reasons } from '../entry-states.ts';
import { createdBy, instanceOf, instanceUrl, memberOf, type NodeContext, noVm, vmOf } from '../host.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { advance, type Task, trackedOf, waiting } from '../operations.ts';
import type { Applied, StepOf } from '../step.ts';

const ID = 'delete-host';
const DEADLINE_MS = 10 * 60_000;
const POLL_MS = 2_000;
const image = z.object({ group: z.string().optional(), name: z.string(), disks: z.array(z.string()) });

const heldBy = async (context: NodeContext): Promise<string | undefined> => {
  const known = await Promise.all([context.holders(), context.arriving()]);
  const others = new Set(known.flat().filter((id) => id !== context.incident.id));
  return others.size === 0
    ? undefined
    : `the node is also held by ${[...others].join(', ')}: close those incidents and ask again, or close this one and ask there`;
};

const viaGroup = (context: NodeContext, group: string, instance: Instance): Task => ({
  key: 'group',
  send: (requestId) => context.computeWrite.deleteGroupInstance({ group, instance: instanceUrl(instance), requestId }),
});

/** Whether the group deletes the VM already, for good or to make it again under the same name. */
const isDeleted = (member: ManagedInstance): boolean => /^(DELETING|RECREATING)$/.test(member.action);

/**
 * Whether the group deletes or releases the VM already. It refuses to be told again, or, since it knows VMs by name,
 * would delete the VM that it makes next.
 */
const isLeaving = (member: ManagedInstance | undefined): boolean =>
  member !== undefined && (isDeleted(member) || member.action === 'ABANDONING');

const stillThere = (name: string): Applied => ({
  outcome: 'failed',
  because: `${name} is still there after ${DEADLINE_MS / 60_000} minutes`,
});

/** Waits for what the cluster autoscaler, an upgrade or auto-repair has told the group to do with the VM. */
const othersFirst = (context: NodeContext, name: string): Applied => {
  if (isLate(context)) return stillThere(name);
  const { operation } = context.entry;
  const because = `${name} is being deleted or released by its group already`;
  return { outcome: 'pending', wakeMs: POLL_MS, because, ...(operation === undefined ? {} : { operation }) };
};

/** Those of the disks that have not outlived the VM: somebody may have turned their auto-delete on again. */
const lostOf = async ({ compute }: NodeContext, urls: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(urls.map(async (url) => ({ url, disk: await compute.disk(url) })));
  return found.flatMap(({ url, disk }) => (disk === undefined || disk.status === 'DELETING' ? [url] : []));
};

const directly = (context: NodeContext): Task => ({
  key: 'direct',
  send: async (requestId) => {
    const vm = vmOf(context.subject.host);
    return vm === undefined ? 'gone' : context.computeWrite.deleteInstance({ vm, requestId });
  },
});

/**
 * Deletes the VM: through its group, which would otherwise make it again, or directly once it has left the group. A
 * group knows VMs by name, so the instance id is checked just before.
 */
export const deleteHost: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Deletes the VM of the node by instance id: through its group, or directly once it has left the group. Refused while another incident holds the node.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instances.delete',
      'compute.disks.get',
      'compute.instanceGroupManagers.get',
      'compute.instanceGroupManagers.update',
      'compute.zoneOperations.get',
      'compute.regionOperations.get',
    ],
    rbac: [],
  },

  // The new image alone counts: it lists the disks that are kept by now.
  refresh: (_, now) => now,

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    const held = await heldBy(context);
    if (held !== undefined) return { outcome: 'refused', because: held };
    const group = createdBy(instance);
    const member = group === undefined ? undefined : await memberOf(context, group);
    // A group that is deleting the VM for somebody else is not made smaller by this step, so nothing is to be restored.
    const managed = member !== undefined && !isDeleted(member);
    const disks = instance.disks
      .filter((d) => !d.autoDelete)
      .flatMap((d) => (d.source === undefined ? [] : [partialUrl(d.source)]));
    return {
      outcome: 'captured',
      before: { ...(managed ? { group } : {}), name: instance.name, disks },
      deadlineMs: DEADLINE_MS,
    };
  },

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const instance = await instanceOf(context);
    if (instance === undefined) return { outcome: 'applied' };
    const group = createdBy(instance);
    const member = group === undefined ? undefined : await memberOf(context, group);
    const begun = trackedOf(context.entry);
    const isBegun = Object.keys(begun).length > 0 || member?.action === 'DELETING';
    const held = isBegun ? undefined : await heldBy(context);
    if (held !== undefined) return { outcome: 'refused', because: held };
    if (begun.group === undefined && isLeaving(member)) return othersFirst(context, was.name);
    // A group accepts the request before it acts. A group that no longer lists the VM will not act on it any more.
    const isGroups = member !== undefined || (begun.group !== undefined && begun.group.end === undefined);
    const task = group !== undefined && isGroups ? viaGroup(context, group, instance) : directly(context);
    const advanced = await advance(context.compute, context.entry, [task]);
    const failed = advanced.failures.filter((failure) => failure.startsWith(`${task.key}:`));
    if (failed.length > 0) {
      // Somebody else may have been first just now: the group refuses what it is doing already.
      const isOthers = group !== undefined && isLeaving(await memberOf(context, group));
      return isOthers ? othersFirst(context, was.name) : { outcome: 'failed', because: failed.join('; ') };
    }
    return isLate(context) ? stillThere(was.name) : waiting(advanced, `${was.name} is being deleted`);
  },

  verify: async (context, before) => {
    if ((await instanceOf(context)) !== undefined)
      return { proof: 'not proven', because: `VM ${context.subject.host.id} is still there` };
    const { disks } = readImage(image, before, ID);
    const lost = await lostOf(context, disks);
    const kept = disks.filter((disk) => !lost.includes(disk));
    const said = kept.length === 0 ? 'no disk was kept' : `disks kept: ${kept.join(', ')}`;
    if (lost.length === 0) return { proof: 'proven', because: said };
    const gone = `deleted with the VM, although it was to be kept: ${lost.join(', ')}`;
    return { proof: 'not proven', ...reasons(gone, kept.length === 0 ? undefined : said) };
  },

  undo: async ({ entry }, before) => {
    const { disks } = readImage(image, before, ID);
    const which = entry.proof === 'proven' ? ' and' : ', and what is left of';
    const left = disks.length === 0 ? 'its snapshots' : `its snapshots${which} its disks ${disks.join(', ')}`;
    return { outcome: 'not-undoable', because: `a deleted VM does not come back; what remains: ${left}` };
  },
};
