import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef } from '../model/subject.ts';
import { ownerOrWhy } from './controllers.ts';
import type { StepContext, SubjectOf } from './step.ts';

type Context = StepContext<SubjectOf<'workload'>>;

/** The controllers between the workload and its pods, as a Deployment's ReplicaSet. */
const between = ({ subject: { pods } }: Context): OwnerRef[] => {
  const all = pods.flatMap(({ owners }) => owners.slice(0, -1));
  return [...new Map(all.map((owner) => [owner.uid, owner])).values()];
};

/** A controller that another one owns by now, in words; undefined for one that nobody owns. */
export const adoptedBy = ({ kind, metadata }: KubeObject): string | undefined => {
  const owner = metadata.ownerReferences?.find((o) => o.controller === true);
  return owner === undefined ? undefined : `${kind} ${metadata.name} lives on under ${owner.kind} ${owner.name}`;
};

/**
 * The controllers that were the workload's, by UID, and that it no longer owns: it was deleted and they were not
 * (`--cascade=orphan`), so that they make its pods for ever. Those that it owns go with it. `unread`: why those of a
 * custom kind cannot be read.
 */
export const orphansOf = async (context: Context): Promise<{ orphans: KubeObject[]; unread: Error[] }> => {
  const found = await Promise.all(
    between(context).map(async (owner) => ({ uid: owner.uid, read: await ownerOrWhy(context, owner) })),
  );
  return {
    orphans: found.flatMap(({ uid, read }) => {
      if (read === undefined || read instanceof Error || read.metadata.uid !== uid) return [];
      return read.metadata.ownerReferences?.some((o) => o.uid === context.subject.uid) === true ? [] : [read];
    }),
    unread: found.flatMap(({ read }) => (read instanceof Error ? [read] : [])),
  };
};
