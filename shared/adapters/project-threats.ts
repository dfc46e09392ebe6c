import { z } from 'zod';
import type { DeployedThreatFeed } from '../doctor/readers.ts';
import type { ProjectApi } from './project-api.ts';

const config = z.looseObject({
  name: z.string(),
  pubsubTopic: z.string().default(''),
  serviceAccount: z.string().optional(),
  streamingConfig: z.looseObject({ filter: z.string().default('') }).default({ filter: '' }),
});

/** The notification configs of Security Command Center in a project. */
export const readThreatFeeds = async (api: ProjectApi, project: string): Promise<DeployedThreatFeed[]> => {
  const path = `/v2/projects/${project}/locations/global/notificationConfigs`;
  const found = await api.all({ service: 'threats', path }, 'notificationConfigs', config);
  return found.map(({ name, pubsubTopic, serviceAccount, streamingConfig }) => ({
    name: name.split('/').at(-1) ?? name,
    topic: pubsubTopic,
    filter: streamingConfig.filter,
    ...(serviceAccount === undefined ? {} : { account: serviceAccount }),
  }));
};
