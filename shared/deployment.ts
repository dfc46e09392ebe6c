import { type FunctionName, TOPIC_PREFIX } from './model/ids.ts';

/** The prefix of the name of everything that we have in a project. */
const PREFIX = 'firebreak-';

/** The wire name of a topic: `firebreak-findings`. */
export const topicName = (topic: string): string => `${TOPIC_PREFIX}${topic}`;

/** The name of a function as it is deployed, and of its service account: `firebreak-decide`. */
export const functionName = (name: string): string => `${PREFIX}${name}`;

/** The name of a function's own subscription: `firebreak-decide-findings`. */
export const subscriptionName = (name: FunctionName, topic: string): string => `${PREFIX}${name}-${topic}`;

/** The e-mail address of a service account of a project; those of `example.com:p1` are at `p1.example.com`. */
export const accountEmail = (account: string, project: string): string => {
  const [id, domain] = project.split(':').toReversed();
  return `${account}@${id}${domain === undefined ? '' : `.${domain}`}.iam.gserviceaccount.com`;
};

/**
 * The project of a service account, from its e-mail address; undefined where the address does not name one, as that of
 * an account that Google made.
 */
export const accountProject = (email: string): string | undefined => {
  const [, id, domain] = /^[^@]+@([a-z0-9-]+)(?:\.([a-z0-9.-]+))?\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
  return id === undefined || domain === undefined ? id : `${domain}:${id}`;
};

/** The name of the secret through which a file, the policy or the rules, reaches the functions. */
export const secretName = (file: 'policy' | 'rules'): string => `${PREFIX}${file}`;

/** The sink that exports audit log entries, and the job that publishes `tick`. */
export const SINK = 'firebreak-audit-log';
export const TICK_JOB = 'firebreak-tick';

/**
 * The titles of the alerting policies that notify people when Firebreak itself has a problem, as in
 * terraform/alerts.tf.
 */
export const HEALTH_ALERTS = [
  'Firebreak: messages are not handled',
  'Firebreak: no audit log entries arrive',
  'Firebreak: the tick is missing',
  'Firebreak: audit log entries are lost',
] as const;

/** The findings that Security Command Center sends, as in terraform/sinks.tf. */
export const THREAT_FILTER = 'state="ACTIVE" AND NOT mute="MUTED" AND finding_class="THREAT"';

/** The end of the key of the only exhibit that the console reads: rights that outlive a containment. */
export const CONSOLE_EXHIBIT = '/objects/what-stays-valid.json';

/** Delivery settings of all our subscriptions, in seconds; after `attempts` a message becomes a dead letter. */
export const DELIVERY = { ackDeadline: 600, minBackoff: 10, maxBackoff: 600, attempts: 10 } as const;

/** The Firestore databases. */
export const DATABASES = { incidents: 'incidents', memory: 'memory' } as const;

/** The collections of each database: Terraform drops the indexes that nobody searches, and lets documents expire. */
export const COLLECTIONS = {
  incidents: ['incidents', 'heads', 'findings', 'subjects', 'hosts', 'requests', 'halts', 'budgets', 'dead'],
  memory: ['threads', 'marks'],
} as const satisfies Record<keyof typeof DATABASES, readonly string[]>;

/** The condition that Terraform puts before the sink's filter: of clusters only those served, and all else. */
export const servedFilter = (clusters: readonly string[]): string => {
  const names = [...new Set(clusters)].map((name) => `"${name}"`).join(' OR ');
  return `(NOT resource.type="k8s_cluster" OR resource.labels.cluster_name=(${names}))`;
};
