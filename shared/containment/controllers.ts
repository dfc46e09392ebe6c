import { Denied, Malformed, Transient } from '../errors.ts';
import { isBuiltIn } from '../kubernetes/built-in.ts';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import type { OwnerRef } from '../model/subject.ts';
import type { RbacRule, StepContext, SubjectOf } from './step.ts';

type Context = StepContext<SubjectOf<'workload'>>;

const KINDS: ReadonlyArray<{ group: string; resources: readonly string[] }> = [
  { group: 'apps', resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
  { group: 'batch', resources: ['cronjobs', 'jobs'] },
  { group: '', resources: ['replicationcontrollers'] },
];

/** Rules for these verbs on every built-in kind of controller. Operators grant rights on custom kinds by name. */
export const onControllers = (...verbs: string[]): readonly RbacRule[] =>
  KINDS.flatMap(({ group, resources }) => resources.map((resource) => ({ group, resource, verbs })));

/** The object reference of the controller that a step is on. */
export const controllerRef = ({ subject: { owner, namespace } }: Pick<Context, 'subject'>): ObjectRef => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  namespace,
  name: owner.name,
});

/** The controller that a step is on; undefined where it is gone: another UID under its name is another one. */
export const controllerByUid = async (context: Pick<Context, 'subject' | 'read'>): Promise<KubeObject | undefined> => {
  const found = await context.read.get(controllerRef(context));
  return found?.metadata.uid === context.subject.uid ? found : undefined;
};

/** Whether a call was refused, or not answered, by the cluster: another call may still succeed. */
export const isRefusal = (thrown: unknown): thrown is Error =>
  thrown instanceof Denied || thrown instanceof Malformed || thrown instanceof Transient;

/**
 * What has the name of an owner now, or why that cannot be read. Whoever makes a pod may name an owner of any custom
 * kind, to which we have no right, or whose API has been down for years: the pods must go all the same. A built-in kind
 * can be expected to answer at another try.
 */
export const ownerOrWhy = async (
  { read, subject: { namespace } }: Pick<Context, 'subject' | 'read'>,
  { apiVersion, kind, name }: OwnerRef,
): Promise<KubeObject | Error | undefined> => {
  try {
    return await read.get({ apiVersion, kind, namespace, name });
  } catch (thrown) {
    if (isRefusal(thrown) && !isBuiltIn({ apiVersion })) return thrown;
    throw thrown;
  }
};

/** Why there is no controller to work on, in words. */
export const goneController = ({ subject }: Pick<Context, 'subject'>): string =>
  `${subject.subject} is gone, or another object now has its name`;
