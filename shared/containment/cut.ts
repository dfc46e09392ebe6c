import type { HostRef } from '../model/subject.ts';
import { instanceById, vmOf } from './host.ts';
import { goneNode, nodeByUid, readinessOf } from './node.ts';
import { QUARANTINE_TAG } from './quarantine-rules.ts';
import type { StepContext } from './step.ts';
import { hasTag } from './tag-task.ts';

/** The warning for a deletion on a node that no longer answers: the API knows objects, not processes. */
export const MAY_STILL_RUN = 'the process may still run: ask for delete-host';

/** The same for a host, where delete-host may be refused as well: on Autopilot the VM is out of reach. */
export const mayStillRunOn = (host: HostRef): string =>
  vmOf(host) === undefined
    ? 'the process may still run, and the VM of its node is out of reach, also for delete-host'
    : MAY_STILL_RUN;

/**
 * Why a node can no longer act on what runs on it, in a sentence; undefined where the node answers. Reads the Node, and
 * the tag of its VM, since the tag cuts the network before the control plane notices.
 */
export const cutOf = async (
  context: Pick<StepContext, 'read' | 'compute'>,
  host: HostRef,
): Promise<string | undefined> => {
  const node = await nodeByUid(context, host);
  if (node === undefined) return goneNode(host);
  const ready = readinessOf(node);
  if (ready !== undefined && ready !== 'True') return `node ${host.node} does not answer (Ready is ${ready})`;
  if (vmOf(host) === undefined) return undefined;
  const vm = await instanceById(context, host);
  if (vm === undefined) return `VM ${host.id} of node ${host.node} is gone`;
  return hasTag(vm, QUARANTINE_TAG) ? `the network of node ${host.node} is cut` : undefined;
};

/** Whether the VM of a host is gone, so that nothing runs on it any more; false where nobody can tell (Autopilot). */
export const isVmGone = async (context: Pick<StepContext, 'compute'>, host: HostRef): Promise<boolean> =>
  vmOf(host) !== undefined && (await instanceById(context, host)) === undefined;

/** Why processes of a deleted pod may still run on a host; undefined where its node answers, or its VM is gone. */
export const mayStillRunOf = async (
  context: Pick<StepContext, 'read' | 'compute'>,
  host: HostRef,
): Promise<string | undefined> => {
  const cut = await cutOf(context, host);
  return cut === undefined || (await isVmGone(context, host)) ? undefined : `${cut}; ${mayStillRunOn(host)}`;
};
