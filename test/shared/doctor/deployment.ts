import { readFileSync } from 'node:fs';
import { ACCESS, type Place } from '../../../shared/access.ts';
import { quarantineRules } from '../../../shared/containment/quarantine-rules.ts';
import { CONTAIN_RBAC } from '../../../shared/containment/rights.ts';
import { accountEmail, COLLECTIONS, functionName, subscriptionName, topicName } from '../../../shared/deployment.ts';
import { PLATEAU_POLICIES } from '../../../shared/detection/plateau-policies.ts';
import { rbacManifests } from '../../../shared/kubernetes/rbac-manifests.ts';
import type { Firewall } from '../../../shared/model/compute.ts';
import { FUNCTIONS, type FunctionName, TOPICS } from '../../../shared/model/ids.ts';
import { TOPICS_OF } from '../../../shared/serve.ts';

export const PROJECT = 'p1';
export const NUMBER = '123456789012';
export const LOCATION = 'europe-west1';
export const NOW = Date.parse('2026-11-03T03:14:04.000Z');
export const POLICY_HASH = '0a1c5f8a7b561524';
export const DRY_HASH = 'd1a0c5f8a7b56152';
export const RULES_HASH = '413d0cf0a79da0f5';
export const FILTER = 'log_id("cloudaudit.googleapis.com/activity")\nAND severity!="DEBUG"';
export const CLUSTER = { project: PROJECT, location: LOCATION, cluster: 'c1' };
export const NETWORK = `projects/${PROJECT}/global/networks/default`;

type Json = Record<string, unknown>;
export type Policy = { bindings: Array<{ role: string; members: string[]; condition?: Json }> };

/** Everything that the services tell of a project, in the form in which they tell it, and mutable. */
export type Deployment = {
  functions: Json[];
  topics: Json[];
  subscriptions: Json[];
  policy: Policy & { auditConfigs: Json[] };
  /** By `topics/NAME`, `subscriptions/NAME`, `services/NAME`. */
  policies: Record<string, Policy>;
  roles: Record<string, Json>;
  accounts: Record<string, Json>;
  sinks: Json[];
  databases: Json[];
  buckets: Record<string, Json>;
  jobs: Json[];
  channels: Json[];
  alerts: Json[];
  /** Fields of databases that carry a time to live. */
  fields: Json[];
  /** What the person who asks may do. */
  mine: string[];
  entries: Json[];
  /** Descriptions by `LOCATION/NAME`, and the objects in each. */
  clusters: Record<string, { described: Json; objects: Json[] }>;
  firewalls: Record<string, Firewall>;
  /** What is refused: a status by the start of `SERVICE PATH`. */
  refused: Map<string, number>;
};

const account = (name: string): string => accountEmail(functionName(name as FunctionName), PROJECT);
const idOf = (name: FunctionName): string => `10485760000000000000${FUNCTIONS.indexOf(name)}`;
const uriOf = (name: string): string => `https://firebreak-${name}-abc123-ew.a.run.app`;
const serviceOf = (name: string): string => `projects/${PROJECT}/locations/${LOCATION}/services/firebreak-${name}`;

const environmentOf: Partial<Record<FunctionName, Record<string, string>>> = {
  contain: {
    FIREBREAK_CLUSTERS: JSON.stringify([CLUSTER]),
    FIREBREAK_EVIDENCE: 'gs://p1-firebreak-evidence',
    FIREBREAK_STORE: 'firestore:incidents',
  },
};

const deployedFunction = (name: FunctionName): Json => ({
  name: `projects/${PROJECT}/locations/${LOCATION}/functions/${functionName(name)}`,
  state: 'ACTIVE',
  environment: 'GEN_2',
  buildConfig: { runtime: 'nodejs24', entryPoint: name },
  serviceConfig: {
    service: serviceOf(name),
    uri: uriOf(name),
    serviceAccountEmail: account(name),
    ingressSettings: 'ALLOW_INTERNAL_ONLY',
    timeoutSeconds: 540,
    revision: `${functionName(name)}-00001-abc`,
    environmentVariables: { FIREBREAK_PROJECT: PROJECT, ...environmentOf[name] },
  },
});

const deployedSubscriptions = (name: FunctionName): Json[] =>
  TOPICS_OF[name].map((topic) => ({
    name: `projects/${PROJECT}/subscriptions/${subscriptionName(name, topic)}`,
    topic: `projects/${PROJECT}/topics/${topicName(topic)}`,
    state: 'ACTIVE',
    ackDeadlineSeconds: 600,
    messageRetentionDuration: '604800s',
    pushConfig: {
      pushEndpoint: `${uriOf(name)}/projects/${PROJECT}/topics/${topicName(topic)}`,
      oidcToken: { serviceAccountEmail: accountEmail('firebreak-push', PROJECT), audience: uriOf(name) },
    },
    expirationPolicy: {},
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    ...(topic === 'dead-letters'
      ? {}
      : {
          deadLetterPolicy: {
            deadLetterTopic: `projects/${PROJECT}/topics/${topicName('dead-letters')}`,
            maxDeliveryAttempts: 10,
          },
        }),
  }));

const AGENT = `serviceAccount:service-${NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com`;
const MONITORING = `serviceAccount:service-${NUMBER}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`;
export const SINK_WRITER = `serviceAccount:service-${NUMBER}@gcp-sa-logging.iam.gserviceaccount.com`;
const grant = (role: string, ...members: string[]) => ({ role, members });

/** The custom roles that Terraform makes, as it is told to make them. */
type Role = { function: FunctionName; on: Place; when: string | null; permissions: string[] };
const GENERATED: Record<string, Role> = JSON.parse(
  readFileSync(new URL('../../../terraform/generated/roles.json', import.meta.url), 'utf8'),
);
const ROLES = Object.entries(GENERATED)
  .filter(([, { when, on }]) => when === null && on !== 'node-accounts')
  .map(([id, role]) => ({ ...role, id: `projects/${PROJECT}/roles/${id}` }));

const conditionOf = (on: Place): { condition?: Json } => {
  const under = (expression: string) => ({ condition: { title: on, expression } });
  if (on === 'incidents' || on === 'memory') return under(`resource.name == "projects/${PROJECT}/databases/${on}"`);
  return on === 'nodes' ? under('resource.name.extract("/instances/{name}").startsWith("gke-c1-")') : {};
};

const bindingOf = ({ id, function: name, on }: (typeof ROLES)[number]) => ({
  ...grant(id, `serviceAccount:${account(name)}`),
  ...conditionOf(on),
});

const lineOf = (name: string, arrow: string, fields: Json, at = '2026-11-03T03:00:00.000000Z'): Json => ({
  logName: `projects/${PROJECT}/logs/run.googleapis.com%2Fstdout`,
  timestamp: at,
  resource: { type: 'cloud_run_revision', labels: { revision_name: `firebreak-${name}-00001-abc` } },
  jsonPayload: { function: name, arrow, fields },
});

/** Objects as an API server keeps them: with what it adds. */
const objects = (ids: boolean): Json[] => {
  const users = (name: FunctionName): string[] => (ids ? [account(name), idOf(name)] : [account(name)]);
  const manifests = rbacManifests({
    steps: CONTAIN_RBAC,
    users: {
      contain: users('contain'),
      decide: users('decide'),
      operate: users('operate'),
      'detect-cryptomining': users('detect-cryptomining'),
    },
    owners: [],
    ownNamespace: 'firebreak',
    protectedNamespaces: ['kube-system', 'gke-*', 'gmp-*'],
  });
  const added = (at: number) => ({
    uid: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    resourceVersion: String(at + 1),
    creationTimestamp: '2026-11-01T00:00:00Z',
  });
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } }, ...manifests].map(
    (one, at): Json => ({
      ...one,
      metadata: { ...one.metadata, ...added(at) },
      ...('spec' in one && one.kind === 'ValidatingAdmissionPolicy'
        ? { spec: { ...Object(one.spec), auditAnnotations: [] }, status: { observedGeneration: 1 } }
        : {}),
    }),
  );
};

/** A project in which everything is as it should be; `ids`: functions are bound in clusters by their numeric ids too. */
export const healthy = ({ ids = true } = {}): Deployment => ({
  functions: FUNCTIONS.map(deployedFunction),
  topics: TOPICS.map((topic) => ({ name: `projects/${PROJECT}/topics/${topicName(topic)}` })),
  subscriptions: FUNCTIONS.flatMap(deployedSubscriptions),
  policy: {
    bindings: ROLES.filter(({ on }) => on !== 'evidence').map(bindingOf),
    auditConfigs: [
      {
        service: 'container.googleapis.com',
        auditLogConfigs: ['ADMIN_READ', 'DATA_READ', 'DATA_WRITE'].map((logType) => ({ logType, exemptedMembers: [] })),
      },
      { service: 'pubsub.googleapis.com', auditLogConfigs: [{ logType: 'DATA_WRITE' }] },
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
    'buckets/p1-firebreak-evidence': { bindings: ROLES.filter(({ on }) => on === 'evidence').map(bindingOf) },
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
        { bindings: [grant('roles/run.invoker', `serviceAccount:${accountEmail('firebreak-push', PROJECT)}`)] },
      ]),
    ),
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
  alerts: PLATEAU_POLICIES.map(({ title, query }, at) => ({
    name: `projects/${PROJECT}/alertPolicies/${at + 1}`,
    displayName: title,
    notificationChannels: [`projects/${PROJECT}/notificationChannels/2`],
    conditions: [{ displayName: title, conditionPrometheusQueryLanguage: { query, duration: '0s' } }],
  })),
  fields: Object.entries(COLLECTIONS).flatMap(([database, collections]) =>
    collections.map((collection) => ({
      name: `projects/${PROJECT}/databases/${database}/collectionGroups/${collection}/fields/expireAt`,
      ttlConfig: { state: 'ACTIVE' },
    })),
  ),
  mine: ['pubsub.topics.publish'],
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
