import type { RbacRule } from './step.ts';

const KINDS: ReadonlyArray<{ group: string; resources: readonly string[] }> = [
  { group: 'apps', resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
  { group: 'batch', resources: ['cronjobs', 'jobs'] },
  { group: '', resources: ['replicationcontrollers'] },
];

/** Rules for these verbs on every built-in kind of controller. Operators grant rights on custom kinds by name. */
export const onControllers = (...verbs: string[]): readonly RbacRule[] =>
  KINDS.flatMap(({ group, resources }) => resources.map((resource) => ({ group, resource, verbs })));
