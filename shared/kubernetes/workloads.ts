import type { ApiCall } from '../model/signal.ts';
import { toldOnce } from '../told-once.ts';

/** The kinds of the resources that make pods. `extensions` is the group in which old clients still address some. */
const KINDS: Readonly<Record<string, string>> = {
  'core/pods': 'Pod',
  'core/replicationcontrollers': 'ReplicationController',
  'apps/deployments': 'Deployment',
  'apps/daemonsets': 'DaemonSet',
  'apps/statefulsets': 'StatefulSet',
  'apps/replicasets': 'ReplicaSet',
  'extensions/deployments': 'Deployment',
  'extensions/daemonsets': 'DaemonSet',
  'extensions/replicasets': 'ReplicaSet',
  'batch/jobs': 'Job',
  'batch/cronjobs': 'CronJob',
};

/** Every resource that makes pods, as `resourceOf` writes it. */
export const WORKLOAD_RESOURCES: readonly string[] = Object.keys(KINDS);

/** The kind of workload that a call names; undefined where it names something else. Subresources are ignored. */
export const workloadKindOf = toldOnce(({ group, resource }: ApiCall): string | undefined => {
  const key = `${group}/${resource}`;
  return Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
});
