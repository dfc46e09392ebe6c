import { z } from 'zod';
import { time } from './time.ts';

export const ownerRef = z.object({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string() });
export type OwnerRef = z.infer<typeof ownerRef>;

/** A node with its VM, as resolved. The instance id is the identity; the names are only for display. */
export const hostRef = z.object({
  /** Compute Engine instance id; where the VM cannot be read, the Node's UID. */
  id: z.string(),
  node: z.string(),
  nodeUid: z.string(),
  project: z.string().optional(),
  zone: z.string().optional(),
  instance: z.string().optional(),
  /**
   * The id is what the Node says: its VM could not be read. Nothing is done to a VM before its id is found to be this
   * one.
   */
  unconfirmed: z.literal(true).optional(),
});
export type HostRef = z.infer<typeof hostRef>;

/**
 * Only findings replayed from dead letters are about this subject so far: the policy's goal is not for it, but an ask
 * and an operator's grant may be.
 */
const onlyReplayed = { replayed: z.literal(true).optional() };

/** A pod that an incident holds, with everything a plan needs to know of it. */
export const podSubject = z.object({
  kind: z.literal('pod'),
  uid: z.string(),
  namespace: z.string(),
  namespaceUid: z.string(),
  name: z.string(),
  createdAt: time,
  /** Owner chain, nearest first; the last is the top controller. */
  owners: z.array(ownerRef),
  /** Why the owner chain stops before its top, if a controller could not be read. */
  ownersUnread: z.string().optional(),
  /** Values of the labels that conditions of the policy test. */
  labels: z.record(z.string(), z.string()).optional(),
  host: hostRef.optional(),
  /** Where it ran before, if its VM was made again for the same Node: what was done there is still to be taken back. */
  formerHosts: z.array(hostRef).optional(),
  hostNetwork: z.boolean(),
  /** The pod can reach the node: privileged, root-like capabilities, hostPID, hostIPC, hostNetwork or hostPath. */
  hostReach: z.boolean(),
  windows: z.boolean(),
  /** Only CPU use speaks against this pod so far: nothing is done to it while other evidence names another subject. */
  cpuOnly: z.literal(true).optional(),
  ...onlyReplayed,
  addedAt: time,
});
export type PodSubject = z.infer<typeof podSubject>;

/** A node that an incident is about without an attributed pod. */
export const nodeSubject = z.object({ kind: z.literal('node'), uid: z.string(), host: hostRef, addedAt: time });
export type NodeSubject = z.infer<typeof nodeSubject>;

/** A controller named without a pod. */
export const workloadSubject = z.object({
  kind: z.literal('workload'),
  uid: z.string(),
  namespace: z.string(),
  owner: ownerRef,
  ...onlyReplayed,
  addedAt: time,
});
export type WorkloadSubject = z.infer<typeof workloadSubject>;

export const subject = z.discriminatedUnion('kind', [podSubject, nodeSubject, workloadSubject]);
export type Subject = z.infer<typeof subject>;

/** The hosts of a subject: where it is, and where it was before its VM was made again. */
export const hostsOf = (of: Subject): HostRef[] => {
  if (of.kind === 'workload') return [];
  const former = of.kind === 'pod' ? (of.formerHosts ?? []) : [];
  return of.host === undefined ? former : [of.host, ...former];
};
