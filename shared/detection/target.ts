import { isKind, isLabelName, isPrincipal, isSubdomain, isUid } from '../kubernetes/names.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import { toldOfBoth } from '../told-once.ts';
import type { Claim } from './rule.ts';

type Whose = Pick<AuditSignal, 'place' | 'principal'>;
type Told = { target: Target; doubt?: string };

/**
 * The target of a claim, using only names that pass the platform's grammar. If a name of the claim does not, the target
 * is the cluster with the principal, and `doubt` says so. The last answer is kept: rules mostly claim the same object
 * for one signal.
 */
export const targetOf = toldOfBoth(({ place, principal }: Whose, claim: Claim | undefined): Told => {
  const whole: Target = {
    ...place,
    ...(principal !== undefined && isPrincipal(principal) ? { principal } : {}),
  };
  if (claim === undefined) return { target: whole };
  const wrong = misnamedIn(claim);
  if (wrong !== undefined) {
    return { target: whole, doubt: `Kubernetes does not allow ${wrong}: the finding is only about the cluster` };
  }
  const { namespace, pod, workload, uid } = claim;
  return {
    target: {
      ...place,
      ...(namespace === undefined ? {} : { namespace }),
      ...(pod === undefined ? {} : { pod }),
      ...(workload === undefined ? {} : { workload }),
      ...(uid === undefined || !isUid(uid) ? {} : { uid }),
    },
  };
});

const misnamedIn = ({ namespace, pod, workload }: Claim): string | undefined => {
  if (namespace === undefined || !isLabelName(namespace)) return 'the name of the namespace';
  if (pod !== undefined && !isSubdomain(pod)) return 'the name of the pod';
  if (workload === undefined) return undefined;
  return isKind(workload.kind) && isSubdomain(workload.name) ? undefined : 'the name of the workload';
};
