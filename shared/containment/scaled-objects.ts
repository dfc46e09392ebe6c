import { z } from 'zod';
import { isBuiltInController } from '../kubernetes/built-in.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { picked } from '../picked.ts';
import { annotationOf } from './image.ts';
import { orUnknown } from './or-unknown.ts';
import type { RbacRule, StepContext, SubjectOf } from './step.ts';

/** The right that `scalerDoubts` needs. */
export const SCALERS_RBAC: readonly RbacRule[] = [{ group: 'keda.sh', resource: 'scaledobjects', verbs: ['list'] }];

const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas';

/** What a ScaledObject scales. KEDA fills in what is left out. */
const scaled = z.looseObject({
  scaleTargetRef: z.looseObject({
    apiVersion: z.string().default('apps/v1'),
    kind: z.string().default('Deployment'),
    name: z.string(),
  }),
});

/** Whether KEDA leaves what it scales at 0: paused as it is, or at a number that is 0. */
const staysAtZero = (object: KubeObject): boolean => {
  const replicas = annotationOf(object, PAUSED_REPLICAS);
  return replicas === undefined ? annotationOf(object, PAUSED) === 'true' : replicas === '0';
};

/**
 * Why a workload that was scaled to 0 may be started again by KEDA, in sentences. A HorizontalPodAutoscaler leaves a
 * workload with 0 replicas alone; KEDA scales from 0. A cluster without KEDA has none of its objects.
 */
export const scalerDoubts = async ({
  subject: { owner, namespace },
  read,
}: Pick<StepContext<SubjectOf<'workload'>>, 'subject' | 'read'>): Promise<string[]> => {
  const isThis = ({ spec }: KubeObject): boolean => {
    const target = scaled.safeParse(spec);
    // One that cannot be read may scale anything.
    if (!target.success) return true;
    const { apiVersion, kind, name } = target.data.scaleTargetRef;
    return kind === owner.kind && name === owner.name && isBuiltInController({ apiVersion, kind });
  };
  return orUnknown('KEDA starts it again', async () => {
    const objects = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', namespace };
    const names = await picked(read, objects, (one) => (isThis(one) && !staysAtZero(one) ? [one.metadata.name] : []));
    return names.length === 0
      ? []
      : [`KEDA may start it again: give its ScaledObject ${names.join(', ')} the annotation ${PAUSED}=true`];
  });
};
