import type { KubeObject } from '../kubernetes/object.ts';
import type { PodSubject } from '../model/subject.ts';
import { ownerOrWhy } from './controllers.ts';
import { adoptedBy, orphansOf } from './orphans.ts';
import { podByUid, waitsFor } from './pod.ts';
import type { StepContext, SubjectOf } from './step.ts';

type Context = StepContext<SubjectOf<'workload'>>;

/** What is left of a workload; `returned`: another object has its name by now. */
export type Left = {
  controller: KubeObject | undefined;
  /** Why the controller, of a custom kind, cannot be read. */
  unread?: Error;
  /** Controllers that were its own, and that it no longer owns. */
  orphans: KubeObject[];
  /** Why controllers between it and its pods, of custom kinds, cannot be read: they may be orphans. */
  unreadBetween: Error[];
  returned: boolean;
  pods: Array<{ pod: PodSubject; object: KubeObject }>;
};

/** What is left of the workload, by UID. */
export const leftOf = async (context: Context): Promise<Left> => {
  const read = await ownerOrWhy(context, context.subject.owner);
  const found = read instanceof Error ? undefined : read;
  const isOurs = found?.metadata.uid === context.subject.uid;
  const [{ orphans, unread: unreadBetween }, ...pods] = await Promise.all([
    orphansOf(context),
    ...context.subject.pods.map(async (pod) => ({ pod, object: await podByUid(context, pod) })),
  ]);
  return {
    controller: isOurs ? found : undefined,
    ...(read instanceof Error ? { unread: read } : {}),
    orphans,
    unreadBetween,
    returned: found !== undefined && !isOurs,
    pods: pods.flatMap(({ pod, object }) => (object === undefined ? [] : [{ pod, object }])),
  };
};

/** Whether an orphan is to be deleted: nobody owns it, and it is not being deleted already. */
export const isAlone = (orphan: KubeObject): boolean =>
  adoptedBy(orphan) === undefined && orphan.metadata.deletionTimestamp === undefined;

/** What the deletion still waits for, in words; pods on a cut node do not count. */
export const openOf = (left: Left, cuts: ReadonlyMap<string, string>): string[] => [
  ...(left.controller === undefined || left.controller.kind === 'Pod'
    ? []
    : [`${left.controller.kind} waits for ${waitsFor(left.controller)}`]),
  ...left.orphans
    .filter((orphan) => adoptedBy(orphan) === undefined)
    .map((orphan) => `${orphan.kind} ${orphan.metadata.name} waits for ${waitsFor(orphan)}`),
  ...left.pods
    .filter(({ pod }) => pod.host === undefined || !cuts.has(pod.host.id))
    .map(({ pod, object }) => `pod ${pod.name} waits for ${waitsFor(object)}`),
];
