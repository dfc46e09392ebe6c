import { HEALTH_ALERTS } from '../../deployment.ts';
import { ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { DeployedAlert } from '../readers.ts';

const judgeOne = (title: string, all: readonly DeployedAlert[]): Verdict => {
  const found = all.filter((one) => one.title === title);
  if (found.length === 0) return warn(title, 'does not exist, so nobody is notified of this', APPLY);
  const enabled = found.filter((one) => one.enabled);
  if (enabled.length === 0) return warn(title, 'is disabled, so nobody is notified of this', APPLY);
  return enabled.some(({ channels }) => channels.length > 0)
    ? ok(title, 'is enabled and has a notification channel')
    : warn(
        title,
        'has no notification channel, so nobody is notified of this',
        `${APPLY}  # with notification_channels`,
      );
};

/** Checks the alerting policies that notify people when Firebreak itself has a problem. */
export const healthAlerts = ofProject<{ alerts: DeployedAlert[] }>({
  id: 'health-alerts',
  does: 'The alerting policies on messages that are not handled, a silent or failing sink, and a missing tick exist, are enabled, and notify somebody.',
  role: 'roles/monitoring.viewer',
  read: async ({ project }) => ({ alerts: await project.alerts() }),
  judge: ({ alerts }) => HEALTH_ALERTS.map((title) => judgeOne(title, alerts)),
});
