import { command } from './next.ts';
import type { Binding } from './readers.ts';

/** The members that stand for everybody. */
export const EVERYONE = ['allUsers', 'allAuthenticatedUsers'];
export const PUBLISHER = 'roles/pubsub.publisher';

/** A service account as a member of a binding. */
export const memberOf = (account: string): string => `serviceAccount:${account}`;

/** Whether one of these bindings gives a role to a member. */
export const grants = (bindings: readonly Binding[], role: string, member: string): boolean =>
  bindings.some((one) => one.role === role && one.members.includes(member));

/** Google's service agent that publishes the alerts of Cloud Monitoring. `number`: that of the project. */
export const monitoringAgent = (number: string): string =>
  `serviceAccount:service-${number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`;

/** The command that takes a role on a project away from a member. */
export const removeFromProject = (
  project: string,
  member: string,
  { role, condition }: Pick<Binding, 'role' | 'condition'>,
): string => {
  const which = condition === undefined ? '--condition=None' : '--all';
  const at = [project, `--member=${member}`, `--role=${role}`, which];
  return command('gcloud', 'projects', 'remove-iam-policy-binding', ...at);
};
