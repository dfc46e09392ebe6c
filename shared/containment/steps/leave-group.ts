import { z } from 'zod';
import { Denied, Malformed, Unadmitted } from '../../errors.ts';
import type { ManagedInstance } from '../../model/compute.ts';
import { reasons } from '../entry-states.ts';
import { createdBy, goneVm, instanceOf, instanceUrl, memberOf, type NodeContext, noVm } from '../host.ts';
import { labelsOf, readImage, sameObject } from '../image.ts';
import { isLate } from '../late.ts';
import { markKey } from '../marks.ts';
import { nodeByUid, nodeRef } from '../node.ts';
import { advance, trackedOf, waiting } from '../operations.ts';
import type { Applied, StepOf } from '../step.ts';

const ID = 'leave-group';
/** The network cut waits 60 s for this step (see the playbook); the step itself may take longer. */
const DEADLINE_MS = 10 * 60_000;
const POLL_MS = 2_000;
const ABANDON = 'abandon';
const image = z.object({ group: z.string(), name: z.string(), url: z.string(), targetSize: z.number() });

const INSTEAD = 'use its disks and snapshots, not the VM, as evidence';
const REBUILT = `auto-repair will rebuild the VM once it is cut off: ${INSTEAD}`;

const DELETED = `its group is deleting the VM already, which cannot be stopped: ${INSTEAD}`;
/** The group knows VMs by name, so it might release the next one. */
const REMADE = `its group is making the VM again already: ${INSTEAD}`;

const stillListed = (group: string, errors: readonly string[] = []): Applied => ({
  outcome: 'failed',
  because: [`${group} still lists the VM after ${DEADLINE_MS / 1000} s`, ...errors, REBUILT].join('; '),
});

/**
 * What comes of a VM that its group deletes, makes again or releases already, for the cluster autoscaler, an upgrade or
 * auto-repair: it is not told again. Undefined for any other VM.
 */
const byOthers = (context: NodeContext, group: string, { action }: ManagedInstance): Applied | undefined => {
  if (action === 'DELETING') return { outcome: 'refused', because: DELETED };
  if (action === 'RECREATING') return { outcome: 'refused', because: REMADE };
  if (action !== 'ABANDONING') return undefined;
  if (isLate(context)) return stillListed(group);
  const { operation } = context.entry;
  const waits = { outcome: 'pending' as const, wakeMs: POLL_MS, because: `${group} is already releasing the VM` };
  return operation === undefined ? waits : { ...waits, operation };
};

/**
 * Labels the Node object, so that people see why it stays; deleting it would delete its pods. The VM has left its group
 * already: where the label is refused, this resolves with the reason.
 */
const label = async (context: NodeContext): Promise<string | undefined> => {
  const { host } = context.subject;
  try {
    const node = await nodeByUid(context, host);
    if (node === undefined || labelsOf(node)[markKey(ID)] === 'true') return undefined;
    await context.write.patch(nodeRef(host), {
      type: 'merge',
      body: { metadata: { ...sameObject(context, node), labels: { [markKey(ID)]: 'true' } } },
    });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Denied || thrown instanceof Malformed || thrown instanceof Unadmitted)) throw thrown;
    return `the node is not labelled: ${thrown.message}`;
  }
};

/**
 * Takes the VM out of its instance group, so that neither auto-repair nor the autoscaler rebuilds the evidence. The
 * call answers before the VM has left: the step is done when the group no longer lists it.
 */
export const leaveGroup: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Abandons the VM from the instance group that its metadata names, and labels the Node object, which stays.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.instanceGroupManagers.get',
      'compute.instanceGroupManagers.update',
      'compute.zoneOperations.get',
      'compute.regionOperations.get',
    ],
    rbac: [{ group: '', resource: 'nodes', verbs: ['get', 'patch'] }],
  },

  capture: async (context) => {
    const instance = await instanceOf(context);
    if (instance === undefined) return noVm(context);
    const group = createdBy(instance);
    if (group === undefined) return { outcome: 'already', because: 'the VM belongs to no instance group' };
    const found = await context.compute.group(group);
    if (found === undefined) return { outcome: 'already', because: `the group ${group} that created the VM is gone` };
    if ((await memberOf(context, group)) === undefined)
      return { outcome: 'already', because: `the VM has already left ${found.name}` };
    return {
      outcome: 'captured',
      before: { group: found.url, name: found.name, url: instanceUrl(instance), targetSize: found.targetSize },
      deadlineMs: DEADLINE_MS,
    };
  },

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    // While the VM is leaving, its group tells how far that is: a read of the VM at each look would tell nothing more.
    const isSent = trackedOf(context.entry)[ABANDON] !== undefined;
    if (!isSent && (await instanceOf(context)) === undefined) return goneVm(context);
    const because = `${was.name} no longer manages node ${context.subject.host.node}, so the cluster has one node more than its pool counts`;
    const left = async (): Promise<Applied> => {
      if ((await instanceOf(context)) === undefined) return goneVm(context);
      return { outcome: 'applied', ...reasons(because, await label(context)) };
    };
    const member = await memberOf(context, was.group);
    if (member === undefined) return left();
    const others = isSent ? undefined : byOthers(context, was.name, member);
    if (others !== undefined) return others;
    const advanced = await advance(context.compute, context.entry, [
      {
        key: ABANDON,
        send: (requestId) => context.computeWrite.abandonInstance({ group: was.group, instance: was.url, requestId }),
      },
    ]);
    if (advanced.failures.length > 0) {
      const still = await memberOf(context, was.group);
      if (still === undefined) return left();
      const failed = { outcome: 'failed' as const, because: `${advanced.failures.join('; ')}; ${REBUILT}` };
      return byOthers(context, was.name, still) ?? failed;
    }
    if (!advanced.open && (await memberOf(context, was.group)) === undefined) return left();
    if (isLate(context)) return stillListed(was.name, advanced.errors);
    return waiting(advanced, `${was.name} still lists the VM`);
  },

  verify: async (context, before) => {
    const was = readImage(image, before, ID);
    if ((await instanceOf(context)) === undefined) return { proof: 'not proven', because: goneVm(context).because };
    return (await memberOf(context, was.group)) === undefined
      ? { proof: 'proven' }
      : { proof: 'not proven', because: `${was.name} lists the VM again` };
  },

  undo: async (context) => {
    const because = 'a VM that has left its group cannot go back: delete the host when it is no longer needed';
    const replaced = context.journal().find(({ step }) => step === 'restore-group-size');
    // Of what was done, the undo has come by already. What was skipped and is proven needed no replacement.
    const isSeenTo =
      replaced?.state === 'applied' || replaced?.state === 'not-undoable' || replaced?.proof === 'proven';
    return {
      outcome: 'not-undoable',
      because: isSeenTo ? because : `${because}; nothing replaces it, so its group is one smaller than before`,
    };
  },
};
