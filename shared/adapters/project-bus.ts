import { z } from 'zod';
import type { DeployedSubscription } from '../doctor/readers.ts';
import type { ProjectApi } from './project-api.ts';

const topic = z.looseObject({ name: z.string() });

/** Durations as JSON writes them: `600s`, `10.5s`. */
const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?s$/)
  .transform((text) => Number(text.slice(0, -1)));

/**
 * A subscription in the form of the Pub/Sub API (v1). An expiration policy without a ttl means that it never expires.
 */
const subscription = z.looseObject({
  name: z.string(),
  topic: z.string(),
  state: z.string().default('ACTIVE'),
  ackDeadlineSeconds: z.number().default(10),
  filter: z.string().optional(),
  pushConfig: z
    .looseObject({
      pushEndpoint: z.string().optional(),
      oidcToken: z
        .looseObject({ serviceAccountEmail: z.string().optional(), audience: z.string().optional() })
        .optional(),
    })
    .optional(),
  expirationPolicy: z.looseObject({ ttl: seconds.optional() }).optional(),
  deadLetterPolicy: z
    .looseObject({ deadLetterTopic: z.string().optional(), maxDeliveryAttempts: z.number().optional() })
    .optional(),
  retryPolicy: z.looseObject({ minimumBackoff: seconds.optional(), maximumBackoff: seconds.optional() }).optional(),
});

const short = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

const subscriptionOf = (one: z.infer<typeof subscription>): DeployedSubscription => {
  const { pushConfig, deadLetterPolicy, retryPolicy, expirationPolicy, filter } = one;
  const { pushEndpoint, oidcToken } = pushConfig ?? {};
  const { deadLetterTopic, maxDeliveryAttempts } = deadLetterPolicy ?? {};
  const { minimumBackoff, maximumBackoff } = retryPolicy ?? {};
  return {
    name: short(one.name),
    topic: short(one.topic),
    state: one.state,
    ackDeadline: one.ackDeadlineSeconds,
    expires: expirationPolicy === undefined || expirationPolicy.ttl !== undefined,
    ...(pushEndpoint === undefined || pushEndpoint === '' ? {} : { endpoint: pushEndpoint }),
    ...(oidcToken?.serviceAccountEmail === undefined ? {} : { account: oidcToken.serviceAccountEmail }),
    ...(oidcToken?.audience === undefined ? {} : { audience: oidcToken.audience }),
    ...(deadLetterTopic === undefined ? {} : { deadLetterTopic: short(deadLetterTopic) }),
    ...(maxDeliveryAttempts === undefined ? {} : { attempts: maxDeliveryAttempts }),
    ...(minimumBackoff === undefined ? {} : { minBackoff: minimumBackoff }),
    ...(maximumBackoff === undefined ? {} : { maxBackoff: maximumBackoff }),
    ...(filter === undefined || filter === '' ? {} : { filter }),
  };
};

/** The topics of a project, by their short names. */
export const readTopics = async (api: ProjectApi, project: string): Promise<string[]> =>
  (await api.all({ service: 'pubsub', path: `/v1/projects/${project}/topics` }, 'topics', topic)).map(({ name }) =>
    short(name),
  );

/** The subscriptions of a project. */
export const readSubscriptions = async (api: ProjectApi, project: string): Promise<DeployedSubscription[]> => {
  const path = `/v1/projects/${project}/subscriptions`;
  return (await api.all({ service: 'pubsub', path }, 'subscriptions', subscription)).map(subscriptionOf);
};
