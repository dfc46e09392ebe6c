import { z } from 'zod';
import type { DeployedAlert, DeployedChannel } from '../doctor/readers.ts';
import type { ProjectApi } from './project-api.ts';

/** Channels and alerting policies are enabled unless they say otherwise. */
const enabled = z.boolean().default(true);

const channel = z.looseObject({
  name: z.string(),
  type: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  enabled,
});

/** The notification channels of a project that publish to a topic. */
export const readChannels = async (api: ProjectApi, project: string): Promise<DeployedChannel[]> => {
  const path = `/v3/projects/${project}/notificationChannels`;
  const found = await api.all({ service: 'monitoring', path }, 'notificationChannels', channel);
  return found.flatMap(({ name, type, labels, enabled: on }) =>
    type === 'pubsub' && labels.topic !== undefined ? [{ name, topic: labels.topic, enabled: on }] : [],
  );
};

const alert = z.looseObject({
  name: z.string(),
  displayName: z.string().default(''),
  enabled,
  notificationChannels: z.array(z.string()).default([]),
  conditions: z
    .array(
      z.looseObject({ conditionPrometheusQueryLanguage: z.looseObject({ query: z.string().default('') }).optional() }),
    )
    .default([]),
});

/** The alerting policies of a project, with their PromQL queries. */
export const readAlerts = async (api: ProjectApi, project: string): Promise<DeployedAlert[]> => {
  const found = await api.all(
    { service: 'monitoring', path: `/v3/projects/${project}/alertPolicies` },
    'alertPolicies',
    alert,
  );
  return found.map(({ name, displayName, enabled: on, notificationChannels, conditions }) => ({
    name,
    title: displayName,
    enabled: on,
    channels: notificationChannels,
    queries: conditions.flatMap((one) => one.conditionPrometheusQueryLanguage?.query ?? []),
  }));
};
