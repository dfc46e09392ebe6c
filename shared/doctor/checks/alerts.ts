import { topicName } from '../../deployment.ts';
import { PLATEAU_POLICIES } from '../../detection/plateau-policies.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { Binding, DeployedAlert, DeployedChannel } from '../readers.ts';

type Facts = {
  project: string;
  /** Google's own identity that alerts are published as. */
  agent: string;
  channels: DeployedChannel[];
  alerts: DeployedAlert[];
  publishers: Binding[];
};

const spaced = (query: string): string => query.replace(/\s+/g, ' ').trim();

/** The alerting policies that detect-cryptomining is told by. */
export const alerts = ofProject<Facts>({
  id: 'alerts',
  does: 'For each shape of CPU use that a miner has there is an enabled alerting policy, which notifies the topic cpu.',
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
    if (ours.length === 0) return [fail(topic, 'no notification channel of Cloud Monitoring publishes to it', APPLY)];
    if (!ours.some(({ enabled }) => enabled))
      return [fail(topic, 'the notification channel that publishes to it is disabled', APPLY)];
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
          ? ok(id, `notifies ${topic}`)
          : fail(id, `no enabled alerting policy watches for it and notifies ${topic}`, APPLY),
      ),
    ];
  },
});
