import type { Instance } from '../model/compute.ts';
import type { HostRef } from '../model/subject.ts';
import { once } from '../once.ts';
import { instanceById, vmOf } from './host.ts';
import { goneNode, nodeByUid, readinessOf } from './node.ts';
import { QUARANTINE_TAG } from './quarantine-rules.ts';
import type { StepContext } from './step.ts';

/** The warning for a deletion on a node that no longer answers: the API knows objects, not processes. */
export const MAY_STILL_RUN = 'the process may still run: ask for delete-host';

type Context = Pick<StepContext, 'read' | 'compute'>;

const cutBy = async (
  context: Context,
  host: HostRef,
  instance: () => Promise<Instance | undefined>,
): Promise<string | undefined> => {
  const node = await nodeByUid(context, host);
  if (node === undefined) return goneNode(host);
  const ready = readinessOf(node);
  if (ready !== undefined && ready !== 'True') return `node ${host.node} does not answer (Ready is ${ready})`;
  if (vmOf(host) === undefined) return undefined;
  const vm = await instance();
  if (vm === undefined) return `VM ${host.id} of node ${host.node} is gone`;
  return vm.tags.items.includes(QUARANTINE_TAG) ? `the network of node ${host.node} is cut` : undefined;
};

/**
 * Why a node can no longer act on what runs on it, in a sentence; undefined where the node answers. Reads the Node, and
 * the tag of its VM, since the tag cuts the network before the control plane notices.
 */
export const cutOf = (context: Context, host: HostRef): Promise<string | undefined> =>
  cutBy(context, host, () => instanceById(context, host));

/**
 * The same, and whether the VM of the node is gone, so that nothing runs on it any more; `isVmGone` is false where nobody
 * can tell (Autopilot).
 */
export const lossOf = async (
  context: Context,
  host: HostRef,
): Promise<{ cut: string; isVmGone: boolean } | undefined> => {
  const instance = once(() => instanceById(context, host));
  const cut = await cutBy(context, host, instance);
  return cut === undefined
    ? undefined
    : { cut, isVmGone: vmOf(host) !== undefined && (await instance()) === undefined };
};

/** Why processes of a deleted pod may still run on a host; undefined where its node answers, or its VM is gone. */
export const mayStillRunOf = async (context: Context, host: HostRef): Promise<string | undefined> => {
  const loss = await lossOf(context, host);
  return loss === undefined || loss.isVmGone ? undefined : `${loss.cut}; ${MAY_STILL_RUN}`;
};
