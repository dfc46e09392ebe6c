import { topicName } from '../../deployment.ts';
import { PLATEAU_POLICIES } from '../../detection/plateau-policies.ts';
import { spaced } from '../../text.ts';
import { grants, monitoringAgent, PUBLISHER } from '../bindings.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { Binding, DeployedAlert, DeployedChannel } from '../readers.ts';
import { strangersOf } from '../strangers.ts';

type Facts = {
  project: string;
  /** Google's service agent that publishes the alerts. */
  agent: string;
  channels: DeployedChannel[];
  alerts: DeployedAlert[];
  publishers: Binding[];
};

/** Checks the alerting policies that notify detect-cryptomining. */
export const alerts = ofProject<Facts>({
  id: 'alerts',
  does: 'For each shape of CPU use that a miner has, there is an enabled alerting policy, and it notifies the topic cpu, to which nobody else may publish.',
  role: 'roles/monitoring.viewer',
  read: async ({ project }) => {
    const [number, channels, all, publishers] = await Promise.all([
      project.number(),
      project.channels(),
      project.alerts(),
      project.policyOf({ kind: 'topic', name: topicName('cpu') }),
    ]);
    return { project: project.id, agent: monitoringAgent(number), channels, alerts: all, publishers };
  },
  judge: ({ project, agent, channels, alerts: all, publishers }): Verdict[] => {
    const topic = topicName('cpu');
    const ours = channels.filter((one) => one.topic === `projects/${project}/topics/${topic}`);
    if (ours.length === 0) return [fail(topic, 'has no notification channel, so no alert on CPU use arrives', APPLY)];
    if (!ours.some(({ enabled }) => enabled))
      return [fail(topic, 'has only disabled notification channels, so no alert on CPU use arrives', APPLY)];
    const names = new Set(ours.filter(({ enabled }) => enabled).map(({ name }) => name));
    const asked = new Set(
      all
        .filter((one) => one.enabled && one.channels.some((channel) => names.has(channel)))
        .flatMap(({ queries }) => queries.map(spaced)),
    );
    return [
      ...strangersOf({ project, topic, bindings: publishers }, (member) => member === agent),
      ...(grants(publishers, PUBLISHER, agent)
        ? []
        : [fail(topic, "does not let Cloud Monitoring's service agent publish, so no alert arrives", APPLY)]),
      ...PLATEAU_POLICIES.map(({ id, query }) =>
        asked.has(spaced(query))
          ? ok(id, `notifies ${topic}`)
          : fail(id, `has no enabled alerting policy that notifies ${topic}`, APPLY),
      ),
    ];
  },
});
