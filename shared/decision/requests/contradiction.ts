import type { Target } from '../../model/target.ts';
import type { Resolved } from '../resolve.ts';

const OR_LEAVE_OUT = 'correct it, or leave it out; nothing was done';

/**
 * Why the names in the target of a request contradict each other, as a pod and a node on which it does not run;
 * undefined if they agree. What was written from memory, or of a pod that has moved, must not cut another node than the
 * one named.
 */
export const contradictionIn = (target: Target, { subjects }: Pick<Resolved, 'subjects'>): string | undefined => {
  const { pod, workload, node, instance } = target;
  if (pod === undefined)
    return workload !== undefined && (node ?? instance) !== undefined
      ? 'field "target.workload": a workload is contained on every node that it runs on; name its pod, or leave out the node'
      : undefined;
  const [named] = subjects;
  if (named?.kind !== 'pod') return undefined;
  const { owners, host } = named;
  // A pod that was taken out of its controller has none any more.
  const isOwned =
    owners.length === 0 || owners.some(({ kind, name }) => kind === workload?.kind && name === workload.name);
  if (workload !== undefined && !isOwned)
    return `field "target.workload": pod ${pod} is not known to belong to ${workload.kind} ${workload.name}; ${OR_LEAVE_OUT}`;
  if (node !== undefined && host?.node !== node)
    return `field "target.node": pod ${pod} runs on ${host?.node ?? 'no node'}, not on ${node}; ${OR_LEAVE_OUT}`;
  return instance !== undefined && host?.id !== instance
    ? `field "target.instance": pod ${pod} runs on ${host?.id ?? 'no instance'}, not on ${instance}; ${OR_LEAVE_OUT}`
    : undefined;
};
