import { ACCESS } from '../../../shared/access.ts';
import { quarantineRules } from '../../../shared/containment/quarantine-rules.ts';
import {
  COLLECTIONS,
  functionName,
  HEALTH_ALERTS,
  secretName,
  subscriptionName,
  topicName,
} from '../../../shared/deployment.ts';
import { PLATEAU_POLICIES } from '../../../shared/detection/plateau-policies.ts';
import type { Firewall } from '../../../shared/model/firewall.ts';
import { FUNCTIONS, TOPICS } from '../../../shared/model/ids.ts';
import { TOPICS_OF } from '../../../shared/serve.ts';

import {
  AGENT,
  account,
  bindingOf,
  deployedFunction,
  deployedSubscriptions,
  FILTER,
  grant,
  idOf,
  isOfBucket,
  type Json,
  LOCATION,
  lineOf,
  MONITORING,
  NETWORK,
  objects,
  POLICY_HASH,
  PROJECT,
  PROXY,
  PUSH,
  ROLES,
  RULES_HASH,
  SINK_WRITER,
} from './deployment-parts.ts';

export type Policy = { bindings: Array<{ role: string; members: string[]; condition?: Json }> };

/** The audience of the ID tokens of people who are signed in to gcloud. */
const GCLOUD = '32555940559.apps.googleusercontent.com';

/** Everything that the services report about a project, in their own format, and mutable. */
export type Deployment = {
  functions: Json[];
  topics: Json[];
  subscriptions: Json[];
  policy: Policy & { auditConfigs: Json[] };
  /** Keys: `topics/NAME`, `subscriptions/NAME`, `services/NAME`, `buckets/NAME`, `secrets/NAME`, `accounts/EMAIL`. */
  policies: Record<string, Policy>;
  roles: Record<string, Json>;
  accounts: Record<string, Json>;
  sinks: Json[];
  databases: Json[];
  buckets: Record<string, Json>;
  jobs: Json[];
  channels: Json[];
  alerts: Json[];
  /** Notification configs of Security Command Center. */
  threatFeeds: Json[];
  /** Fields of databases with a time to live. */
  fields: Json[];
  /** The permissions of the person who runs doctor. */
  mine: string[];
  /** The ID token that this person's requests would carry. */
  idToken: string | undefined;
  entries: Json[];
  /** Descriptions of clusters and the objects in each, by `LOCATION/NAME`. */
  clusters: Record<string, { described: Json; objects: Json[] }>;
  firewalls: Record<string, Firewall>;
  /** Statuses of refused requests, by the beginning of `SERVICE PATH`. */
  refused: Map<string, number>;
};
/** A project in which everything is as it should be. With `ids`, clusters also bind functions by their numeric ids. */
export const healthy = ({ ids = true } = {}): Deployment => ({
  functions: FUNCTIONS.map(deployedFunction),
  topics: TOPICS.map((topic) => ({ name: `projects/${PROJECT}/topics/${topicName(topic)}` })),
  subscriptions: FUNCTIONS.flatMap(deployedSubscriptions),
  policy: {
    bindings: ROLES.filter((role) => !isOfBucket(role)).map(bindingOf),
    auditConfigs: [
      {
        service: 'container.googleapis.com',
        auditLogConfigs: ['ADMIN_READ', 'DATA_READ', 'DATA_WRITE'].map((logType) => ({ logType, exemptedMembers: [] })),
      },
    ],
  },
  policies: {
    ...Object.fromEntries(
      TOPICS.map((topic) => {
        const publishers = FUNCTIONS.filter((name) => ACCESS[name].publishes.some((one) => one === topic));
        const members = publishers.map((name) => `serviceAccount:${account(name)}`);
        return [`topics/${topicName(topic)}`, { bindings: [grant('roles/pubsub.publisher', ...members)] }];
      }),
    ),
    ...Object.fromEntries(
      (['policy', 'rules'] as const).map((file) => {
        const readers = FUNCTIONS.filter((name) => ACCESS[name].files.includes(file));
        const members = readers.map((name) => `serviceAccount:${account(name)}`);
        const bindings = [grant('roles/secretmanager.secretAccessor', ...members)];
        return [`secrets/${secretName(file)}`, { bindings }];
      }),
    ),
    'buckets/p1-firebreak-evidence': { bindings: ROLES.filter(isOfBucket).map(bindingOf) },
    [`topics/${topicName('dead-letters')}`]: { bindings: [grant('roles/pubsub.publisher', AGENT)] },
    [`topics/${topicName('cpu')}`]: { bindings: [grant('roles/pubsub.publisher', MONITORING)] },
    [`topics/${topicName('audit-log')}`]: { bindings: [grant('roles/pubsub.publisher', SINK_WRITER)] },
    ...Object.fromEntries(
      FUNCTIONS.flatMap((name) =>
        TOPICS_OF[name].map((topic) => [
          `subscriptions/${subscriptionName(name, topic)}`,
          { bindings: [grant('roles/pubsub.subscriber', AGENT)] },
        ]),
      ),
    ),
    ...Object.fromEntries(
      FUNCTIONS.map((name) => [
        `services/${functionName(name)}`,
        { bindings: [grant('roles/run.invoker', name === 'console' ? PROXY : `serviceAccount:${PUSH}`)] },
      ]),
    ),
    [`accounts/${PUSH}`]: { bindings: [grant('roles/iam.serviceAccountOpenIdTokenCreator', AGENT)] },
  },
  roles: Object.fromEntries(ROLES.map(({ id, permissions }) => [id, { name: id, includedPermissions: permissions }])),
  accounts: Object.fromEntries(
    FUNCTIONS.map((name) => [account(name), { email: account(name), uniqueId: idOf(name) }]),
  ),
  sinks: [
    { name: '_Default', destination: `logging.googleapis.com/projects/${PROJECT}/locations/global/buckets/_Default` },
    {
      name: 'firebreak-audit-log',
      destination: `pubsub.googleapis.com/projects/${PROJECT}/topics/${topicName('audit-log')}`,
      filter: `(NOT resource.type="k8s_cluster" OR resource.labels.cluster_name=("c1"))\nAND ${FILTER}`,
      writerIdentity: SINK_WRITER,
    },
  ],
  databases: ['incidents', 'memory'].map((name) => ({
    name: `projects/${PROJECT}/databases/${name}`,
    type: 'FIRESTORE_NATIVE',
    deleteProtectionState: 'DELETE_PROTECTION_ENABLED',
    pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_ENABLED',
  })),
  buckets: {
    'p1-firebreak-evidence': {
      name: 'p1-firebreak-evidence',
      retentionPolicy: { retentionPeriod: '34560000', effectiveTime: '2026-10-01T00:00:00Z', isLocked: true },
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
    },
  },
  jobs: [
    {
      name: `projects/${PROJECT}/locations/${LOCATION}/jobs/firebreak-tick`,
      schedule: '* * * * *',
      state: 'ENABLED',
      pubsubTarget: { topicName: `projects/${PROJECT}/topics/${topicName('tick')}`, data: 'e30=' },
      lastAttemptTime: '2026-11-03T03:14:00.000000Z',
      status: {},
    },
  ],
  channels: [
    { name: `projects/${PROJECT}/notificationChannels/1`, type: 'email', labels: { email_address: 'ana@example.com' } },
    {
      name: `projects/${PROJECT}/notificationChannels/2`,
      type: 'pubsub',
      labels: { topic: `projects/${PROJECT}/topics/${topicName('cpu')}` },
      enabled: true,
    },
  ],
  alerts: [
    ...PLATEAU_POLICIES.map(({ title, query }, at) => ({
      name: `projects/${PROJECT}/alertPolicies/${at + 1}`,
      displayName: title,
      notificationChannels: [`projects/${PROJECT}/notificationChannels/2`],
      conditions: [{ displayName: title, conditionPrometheusQueryLanguage: { query, duration: '0s' } }],
    })),
    ...HEALTH_ALERTS.map((title, at) => ({
      name: `projects/${PROJECT}/alertPolicies/health-${at + 1}`,
      displayName: title,
      notificationChannels: [`projects/${PROJECT}/notificationChannels/1`],
      conditions: [{ displayName: title, conditionAbsent: { filter: 'metric.type = "some"', duration: '600s' } }],
    })),
  ],
  threatFeeds: [],
  fields: Object.entries(COLLECTIONS).flatMap(([database, collections]) =>
    collections.map((collection) => ({
      name: `projects/${PROJECT}/databases/${database}/collectionGroups/${collection}/fields/expireAt`,
      ttlConfig: { state: 'ACTIVE' },
    })),
  ),
  mine: ['pubsub.topics.publish'],
  idToken: `header.${Buffer.from(JSON.stringify({ aud: GCLOUD })).toString('base64url')}.signature`,
  entries: [
    lineOf('operate', 'envelope -> acknowledged', { topic: 'tick', id: '1', ms: 1 }, '2026-11-03T03:13:30.123456Z'),
    ...['decide', 'operate', 'contain'].map((name) => lineOf(name, 'file -> policy', { policy: POLICY_HASH })),
    ...['detect-audit-log', 'detect-cryptomining', 'detect-threat', 'decide'].map((name) =>
      lineOf(name, 'file -> rules', { rules: RULES_HASH }),
    ),
  ],
  clusters: {
    [`${LOCATION}/c1`]: {
      described: {
        name: 'c1',
        networkConfig: { datapathProvider: 'ADVANCED_DATAPATH', network: NETWORK },
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { endpoint: 'gke-abc.europe-west1.gke.goog', allowExternalTraffic: true },
        },
      },
      objects: objects(ids),
    },
  },
  firewalls: Object.fromEntries(
    quarantineRules(NETWORK).map((rule, at) => [
      rule.name,
      { ...rule, id: String(at + 1), disabled: false, createdAt: '2026-11-01T00:00:00.000Z' },
    ]),
  ),
  refused: new Map(),
});
