import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import type { PodSubject } from '../model/subject.ts';
import type { StepContext } from './step.ts';

/** Where a pod of an incident is. */
export const podRef = ({ namespace, name }: Pick<PodSubject, 'namespace' | 'name'>): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace,
  name,
});

/** The pod by its UID: another one of its name is not it. */
export const podByUid = async (
  { read }: Pick<StepContext, 'read'>,
  pod: Pick<PodSubject, 'namespace' | 'name' | 'uid'>,
): Promise<KubeObject | undefined> => {
  const found = await read.get(podRef(pod));
  return found?.metadata.uid === pod.uid ? found : undefined;
};

/** Whether a pod is the mirror of a static one: its kubelet makes it again from a file of the node. */
export const isMirror = (pod: KubeObject): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** How long a deleted pod may still run, in seconds; a longer grace, whoever gave it, is shortened to this. */
export const GRACE_SECONDS = 10;

/** Whether a pod is on its way out within our grace, so that deleting it once more would change nothing. */
export const isLeaving = (pod: KubeObject): boolean => {
  const grace = pod.metadata.deletionGracePeriodSeconds;
  return pod.metadata.deletionTimestamp !== undefined && typeof grace === 'number' && grace <= GRACE_SECONDS;
};

/** Deletes a pod by its UID with a short grace; one that is on its way out within it is left alone. */
export const deletePodByUid = async ({ write }: Pick<StepContext, 'write'>, pod: KubeObject): Promise<void> => {
  if (isLeaving(pod)) return;
  const { name, namespace = '', uid } = pod.metadata;
  await write.delete(podRef({ namespace, name }), { uid, graceSeconds: GRACE_SECONDS });
};

/** What a pod that does not go waits for, in words. */
export const waitsFor = ({ metadata }: KubeObject): string => {
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers.map(String) : [];
  return finalizers.length === 0 ? 'its kubelet' : `the finalizers ${finalizers.join(', ')}`;
};
