import type { Binding } from './readers.ts';

/** The members that stand for everybody. */
export const EVERYONE = ['allUsers', 'allAuthenticatedUsers'];
export const PUBLISHER = 'roles/pubsub.publisher';

/** Whether one of these bindings gives a role to a member. */
export const grants = (bindings: readonly Binding[], role: string, member: string): boolean =>
  bindings.some((one) => one.role === role && one.members.includes(member));

/** Google's service agent that publishes the alerts of Cloud Monitoring. `number`: that of the project. */
export const monitoringAgent = (number: string): string =>
  `serviceAccount:service-${number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`;
