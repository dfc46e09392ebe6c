import { z } from 'zod';
import type { KubeObject } from '../../kubernetes/object.ts';
import { labelsOf } from '../image.ts';
import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../marks.ts';
import { isMirror } from '../pod.ts';

/** What a drain does with one pod of the node, and why: the rules of `kubectl drain` without --force. */
export type Verdict = {
  namespace: string;
  name: string;
  uid: string;
  verdict: 'evict' | 'keep' | 'leave';
  /** The pod is being deleted already, so no eviction is needed. */
  leaving: boolean;
  because?: string;
};

const spec = z.looseObject({
  volumes: z.array(z.looseObject({ name: z.string(), emptyDir: z.unknown().optional() })).default([]),
});
const status = z.looseObject({ phase: z.string().optional() });

/** Whether all containers of a pod have ended for good: it need not move, and its eviction only removes it. */
export const hasEnded = (pod: KubeObject): boolean => {
  const { phase } = status.parse(pod.status ?? {});
  return phase === 'Succeeded' || phase === 'Failed';
};

const judged = (pod: KubeObject, held: ReadonlySet<string>): Pick<Verdict, 'verdict' | 'because'> => {
  if (labelsOf(pod)[QUARANTINE_LABEL] === QUARANTINE_VALUE)
    return { verdict: 'keep', because: 'quarantined: it is evidence' };
  if (held.has(pod.metadata.uid)) return { verdict: 'keep', because: 'subject of an open incident' };
  if (isMirror(pod)) return { verdict: 'keep', because: 'a static pod of the kubelet' };
  if (hasEnded(pod)) return { verdict: 'evict' };
  const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller === true);
  if (controller?.kind === 'DaemonSet')
    return { verdict: 'keep', because: 'of a DaemonSet, which would recreate it at once' };
  if (controller === undefined) return { verdict: 'leave', because: 'no controller would recreate it' };
  const local = spec.parse(pod.spec ?? {}).volumes.filter((volume) => volume.emptyDir !== undefined);
  return local.length > 0
    ? { verdict: 'leave', because: `its data in emptyDir ${local.map((v) => v.name).join(', ')} would be lost` }
    : { verdict: 'evict' };
};

/**
 * The verdict for every pod, computed before the first eviction. `keep`: the pod stays on purpose; `leave`: it stays
 * because a drain may not destroy it, and the record names it. `held`: UIDs of pods that open incidents hold.
 */
export const drainVerdicts = (pods: readonly KubeObject[], held: ReadonlySet<string>): Verdict[] =>
  pods.map((pod) => ({
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    leaving: pod.metadata.deletionTimestamp !== undefined,
    ...judged(pod, held),
  }));

/** A sentence that names the pods with the verdict `leave`, and why; undefined where there is none. */
export const leftBehind = (verdicts: readonly Verdict[]): string | undefined => {
  const left = verdicts.filter((v) => v.verdict === 'leave');
  return left.length === 0
    ? undefined
    : `left on the node: ${left.map((v) => `${v.namespace}/${v.name} (${v.because})`).join(', ')}`;
};
