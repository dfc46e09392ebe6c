import type { RbacRule } from './step.ts';

const KINDS: ReadonlyArray<{ group: string; resources: readonly string[] }> = [
  { group: 'apps', resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
  { group: 'batch', resources: ['cronjobs', 'jobs'] },
  { group: '', resources: ['replicationcontrollers'] },
];

/** These verbs on every kind of controller that Kubernetes itself has. A kind of somebody else's is granted by name. */
export const onControllers = (...verbs: string[]): readonly RbacRule[] =>
  KINDS.flatMap(({ group, resources }) => resources.map((resource) => ({ group, resource, verbs })));
