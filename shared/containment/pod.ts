import type { StepSubject } from '../decision/step-subjects.ts';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import type { PodSubject } from '../model/subject.ts';
import type { StepContext } from './step.ts';

/** The object reference of a pod. */
export const podRef = ({ namespace, name }: Pick<PodSubject, 'namespace' | 'name'>): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace,
  name,
});

/** The pod with this UID; undefined where it is gone, or another pod has its name. */
export const podByUid = async (
  { read }: Pick<StepContext, 'read'>,
  pod: Pick<PodSubject, 'namespace' | 'name' | 'uid'>,
): Promise<KubeObject | undefined> => {
  const found = await read.get(podRef(pod));
  return found?.metadata.uid === pod.uid ? found : undefined;
};

/** Why there is no pod to work on, in words. */
export const gonePod = ({ subject }: { subject: Pick<StepSubject, 'subject'> }): string =>
  `pod ${subject.subject} is gone, or another pod now has its name`;

/** Whether a pod mirrors a static pod, which its kubelet makes again from a file of the node. */
export const isMirror = (pod: KubeObject): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** Why a static pod is not deleted. Its containers have another UID than its mirror, and outlive it. */
export const STATIC_POD = 'a static pod: its kubelet makes it again from a file of the node; ask for delete-host';

/** How long a deleted pod may still run, in seconds. A longer grace, whoever set it, is shortened to this. */
export const GRACE_SECONDS = 10;

/** Whether a pod is being deleted with at most our grace, so that deleting it once more would change nothing. */
const isLeaving = (pod: KubeObject): boolean => {
  const grace = pod.metadata.deletionGracePeriodSeconds;
  return pod.metadata.deletionTimestamp !== undefined && typeof grace === 'number' && grace <= GRACE_SECONDS;
};

/** Deletes a pod by its UID with a short grace; leaves alone a pod that is already being deleted within that grace. */
export const deletePodByUid = async ({ write }: Pick<StepContext, 'write'>, pod: KubeObject): Promise<void> => {
  if (isLeaving(pod)) return;
  const { name, namespace = '', uid } = pod.metadata;
  await write.delete(podRef({ namespace, name }), { uid, graceSeconds: GRACE_SECONDS });
};

/** What a pod or controller that is being deleted still waits for, in words. */
export const waitsFor = ({ metadata }: KubeObject): string => {
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers.map(String) : [];
  return finalizers.length === 0 ? 'its kubelet' : `the finalizers ${finalizers.join(', ')}`;
};
