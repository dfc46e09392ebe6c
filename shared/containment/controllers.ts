import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
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

/** Why there is no controller to work on, in words. */
export const goneController = ({ subject }: Pick<Context, 'subject'>): string =>
  `${subject.subject} is gone, or another object now has its name`;
