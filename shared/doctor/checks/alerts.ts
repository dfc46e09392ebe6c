import { topicName } from '../../deployment.ts';
import { PLATEAU_POLICIES } from '../../detection/plateau-policies.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { Binding, DeployedAlert, DeployedChannel } from '../readers.ts';

type Facts = {
  project: string;
  /** The identity of Google's that publishes the alerts. */
  agent: string;
  channels: DeployedChannel[];
  alerts: DeployedAlert[];
  publishers: Binding[];
};

const spaced = (query: string): string => query.replace(/\s+/g, ' ').trim();

/** Checks the alerting policies that notify detect-cryptomining. */
export const alerts = ofProject<Facts>({
  id: 'alerts',
  does: 'An enabled alerting policy tests each shape of CPU use that a miner has, and notifies the topic cpu.',
  role: 'roles/monitoring.viewer',
  read: async ({ project }) => {
    const [number, channels, all, publishers] = await Promise.all([
      project.number(),
      project.channels(),
      project.alerts(),
      project.policyOf({ kind: 'topic', name: topicName('cpu') }),
    ]);
    const agent = `serviceAccount:service-${number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`;
    return { project: project.id, agent, channels, alerts: all, publishers };
  },
  judge: ({ project, agent, channels, alerts: all, publishers }): Verdict[] => {
    const topic = topicName('cpu');
    const ours = channels.filter((one) => one.topic === `projects/${project}/topics/${topic}`);
    if (ours.length === 0) return [fail(topic, 'is told by no notification channel', APPLY)];
    if (!ours.some(({ enabled }) => enabled)) return [fail(topic, 'is told by a disabled notification channel', APPLY)];
    const names = new Set(ours.filter(({ enabled }) => enabled).map(({ name }) => name));
    const asked = new Set(
      all
        .filter((one) => one.enabled && one.channels.some((channel) => names.has(channel)))
        .flatMap(({ queries }) => queries.map(spaced)),
    );
    const published = publishers.some(
      ({ role, members }) => role === 'roles/pubsub.publisher' && members.includes(agent),
    );
    return [
      ...(published
        ? []
        : [fail(topic, "may not be published to by Cloud Monitoring's service agent: no alert arrives", APPLY)]),
      ...PLATEAU_POLICIES.map(({ id, query }) =>
        asked.has(spaced(query))
          ? ok(id, `tells ${topic}`)
          : fail(id, `is asked by no enabled alerting policy that tells ${topic}`, APPLY),
      ),
    ];
  },
});
