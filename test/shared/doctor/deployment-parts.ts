import { readFileSync } from 'node:fs';
import type { Place } from '../../../shared/access.ts';
import { CONTAIN_RBAC } from '../../../shared/containment/rights.ts';
import { accountEmail, functionName, subscriptionName, topicName } from '../../../shared/deployment.ts';
import { rbacManifests } from '../../../shared/kubernetes/rbac-manifests.ts';
import { FUNCTIONS, type FunctionName } from '../../../shared/model/ids.ts';
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

export type Json = Record<string, unknown>;

export const account = (name: string): string => accountEmail(functionName(name as FunctionName), PROJECT);
export const idOf = (name: FunctionName): string => `10485760000000000000${FUNCTIONS.indexOf(name)}`;
const uriOf = (name: string): string => `https://firebreak-${name}-abc123-ew.a.run.app`;
export const serviceOf = (name: string): string =>
  `projects/${PROJECT}/locations/${LOCATION}/services/firebreak-${name}`;

export const environmentOf: Partial<Record<FunctionName, Record<string, string>>> = {
  operate: {
    FIREBREAK_OPERATOR_AUDIENCE: '32555940559.apps.googleusercontent.com,/projects/1/global/backendServices/2',
  },
  contain: {
    FIREBREAK_CLUSTERS: JSON.stringify([CLUSTER]),
    FIREBREAK_EVIDENCE: 'gs://p1-firebreak-evidence',
    FIREBREAK_STORE: 'firestore:incidents',
  },
};

export const deployedFunction = (name: FunctionName): Json => ({
  name: `projects/${PROJECT}/locations/${LOCATION}/functions/${functionName(name)}`,
  state: 'ACTIVE',
  environment: 'GEN_2',
  buildConfig: { runtime: 'nodejs24', entryPoint: name },
  serviceConfig: {
    service: serviceOf(name),
    uri: uriOf(name),
    serviceAccountEmail: account(name),
    ingressSettings: 'ALLOW_INTERNAL_ONLY',
    revision: `${functionName(name)}-00001-abc`,
    environmentVariables: { FIREBREAK_PROJECT: PROJECT, ...environmentOf[name] },
  },
});

export const deployedSubscriptions = (name: FunctionName): Json[] =>
  TOPICS_OF[name].map((topic) => ({
    name: `projects/${PROJECT}/subscriptions/${subscriptionName(name, topic)}`,
    topic: `projects/${PROJECT}/topics/${topicName(topic)}`,
    state: 'ACTIVE',
    ackDeadlineSeconds: 600,
    messageRetentionDuration: '604800s',
    pushConfig: {
      pushEndpoint: `${uriOf(name)}/projects/${PROJECT}/topics/${topicName(topic)}`,
      oidcToken: { serviceAccountEmail: PUSH, audience: uriOf(name) },
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

export const AGENT = `serviceAccount:service-${NUMBER}@gcp-sa-pubsub.iam.gserviceaccount.com`;
export const MONITORING = `serviceAccount:service-${NUMBER}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`;
export const PROXY = `serviceAccount:service-${NUMBER}@gcp-sa-iap.iam.gserviceaccount.com`;
export const PUSH = accountEmail('firebreak-push', PROJECT);
export const SINK_WRITER = `serviceAccount:service-${NUMBER}@gcp-sa-logging.iam.gserviceaccount.com`;
export const grant = (role: string, ...members: string[]) => ({ role, members });

/** A custom role in the form in which Terraform gets it. */
export type Role = { function: FunctionName; on: Place; when: string | null; permissions: string[] };
const GENERATED: Record<string, Role> = JSON.parse(
  readFileSync(new URL('../../../terraform/generated/roles.json', import.meta.url), 'utf8'),
);
export const ROLES = Object.entries(GENERATED)
  .filter(([, { when, on }]) => when === null && on !== 'node-accounts')
  .map(([id, role]) => ({ ...role, id: `projects/${PROJECT}/roles/${id}` }));

export const isOfBucket = ({ on }: Pick<Role, 'on'>): boolean => on === 'evidence' || on === 'exhibit';

export const conditionOf = (on: Place): { condition?: Json } => {
  const under = (expression: string) => ({ condition: { title: on, expression } });
  if (on === 'incidents' || on === 'memory') return under(`resource.name == "projects/${PROJECT}/databases/${on}"`);
  if (on === 'exhibit') return under('resource.name.endsWith("/objects/what-stays-valid.json")');
  return on === 'nodes' ? under('resource.name.extract("/instances/{name}").startsWith("gke-c1-")') : {};
};

export const bindingOf = ({ id, function: name, on }: (typeof ROLES)[number]) => ({
  ...grant(id, `serviceAccount:${account(name)}`),
  ...conditionOf(on),
});

export const lineOf = (name: string, arrow: string, fields: Json, at = '2026-11-03T03:00:00.000000Z'): Json => ({
  logName: `projects/${PROJECT}/logs/run.googleapis.com%2Fstdout`,
  timestamp: at,
  resource: { type: 'cloud_run_revision', labels: { revision_name: `firebreak-${name}-00001-abc` } },
  jsonPayload: { function: name, arrow, fields },
});

/** A Node as an API server keeps it. Its VM has the same name. */
export const nodeOf = (name: string, project = PROJECT) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-11-01T00:00:00Z' },
  spec: { providerID: `gce://${project}/${LOCATION}-b/${name}` },
});

/** Objects as an API server keeps them, with the fields that it adds. */
export const objects = (ids: boolean): Json[] => {
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
  const there = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
    nodeOf('gke-c1-pool-1-ab12'),
  ];
  return [...there, ...manifests].map(
    (one, at): Json => ({
      ...one,
      metadata: { ...one.metadata, ...added(at) },
      ...('spec' in one && one.kind === 'ValidatingAdmissionPolicy'
        ? { spec: { ...Object(one.spec), auditAnnotations: [] }, status: { observedGeneration: 1 } }
        : {}),
    }),
  );
};
