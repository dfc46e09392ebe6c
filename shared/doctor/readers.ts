import type { Policy } from '../decision/policy.ts';
import type { OwnerKind } from '../kubernetes/rbac-roles.ts';
import type { Firewall } from '../model/firewall.ts';
import type { ClusterRef } from '../model/target.ts';
import type { Time } from '../model/time.ts';
import type { Clusters, Stores } from '../ports.ts';

/** A deployed Cloud Run function. `service` is `projects/P/locations/L/services/S`. */
export type DeployedFunction = {
  name: string;
  location: string;
  state: string;
  /** The problems that the platform reports. */
  problems: string[];
  runtime?: string;
  uri?: string;
  service?: string;
  account?: string;
  ingress?: string;
  revision?: string;
  environment: Readonly<Record<string, string>>;
  /** The secrets that are passed to it as variables. */
  secrets: string[];
};

/** A deployed subscription. Times are in seconds; `topic` is without its project. */
export type DeployedSubscription = {
  name: string;
  topic: string;
  state: string;
  endpoint?: string;
  account?: string;
  audience?: string;
  deadLetterTopic?: string;
  attempts?: number;
  minBackoff?: number;
  maxBackoff?: number;
  ackDeadline: number;
  expires: boolean;
  filter?: string;
};

export type Binding = { role: string; members: string[]; condition?: string };
/**
 * The Data Access logs that are written for a service: the types, such as `DATA_READ`, each with the principals it
 * exempts.
 */
export type AuditSetting = { service: string; types: Array<{ type: string; exempt: string[] }> };
export type ProjectPolicy = { bindings: Binding[]; audit: AuditSetting[] };

/**
 * A log sink. `interceptsAt`: the folder or organization of one that takes a project's entries before its own sinks do.
 */
export type DeployedSink = {
  name: string;
  destination: string;
  filter: string;
  writer?: string;
  disabled: boolean;
  exclusions: string[];
  interceptsAt?: string;
};

/** A Firestore database. `expiring`: the collections whose documents Firestore deletes after their `expireAt`. */
export type DeployedDatabase = {
  name: string;
  type: string;
  deleteProtection: boolean;
  pointInTime: boolean;
  expiring: string[];
};
export type DeployedBucket = {
  name: string;
  retentionSeconds?: number;
  locked: boolean;
  uniformAccess: boolean;
  publicAccessPrevented: boolean;
};
export type DeployedJob = {
  name: string;
  schedule: string;
  state: string;
  topic?: string;
  lastAttemptAt?: Time;
  lastError?: string;
};

/** A notification channel that publishes to a topic (`projects/P/topics/T`). */
export type DeployedChannel = { name: string; topic: string; enabled: boolean };
/** An alerting policy, with its display name, the names of its channels, and its conditions in PromQL. */
export type DeployedAlert = { name: string; title: string; enabled: boolean; channels: string[]; queries: string[] };

/** A notification config of Security Command Center. `topic`: `projects/P/topics/T`; it publishes as `account`. */
export type DeployedThreatFeed = { name: string; topic: string; filter: string; account?: string };

/** A resource whose own access policy is read. */
export type PolicyHolder = {
  kind: 'topic' | 'subscription' | 'bucket' | 'secret' | 'service' | 'account' | 'project';
  name: string;
};

/** What a function logged when it started: the hashes of the policy and the rules it had read. */
export type Started = { function: string; at: string; revision?: string; policy?: string; rules?: string };

/**
 * Reads from a deployed project. Things that do not exist are missing from lists, or undefined. Throws Denied, with a
 * sentence, where the caller lacks the right to read, and Transient on anything else.
 */
export type ProjectReader = {
  id: string;
  /** The project's number, which names Google's own service agents. */
  number(): Promise<string>;
  functions(): Promise<DeployedFunction[]>;
  topics(): Promise<string[]>;
  subscriptions(): Promise<DeployedSubscription[]>;
  policy(): Promise<ProjectPolicy>;
  policyOf(holder: PolicyHolder): Promise<Binding[]>;
  /** The permissions of a role; undefined where there is no such role. */
  permissionsOf(role: string): Promise<string[] | undefined>;
  /** The numeric id of a service account; undefined where there is no such account. */
  accountId(email: string): Promise<string | undefined>;
  sinks(): Promise<DeployedSink[]>;
  databases(): Promise<DeployedDatabase[]>;
  bucket(name: string): Promise<DeployedBucket | undefined>;
  jobs(location: string): Promise<DeployedJob[]>;
  channels(): Promise<DeployedChannel[]>;
  alerts(): Promise<DeployedAlert[]>;
  threatFeeds(): Promise<DeployedThreatFeed[]>;
  /** Whether the person who runs the command may publish to a topic. */
  mayPublish(topic: string): Promise<boolean>;
  /** The audience of the ID token that the person's requests carry; undefined where they carry none. */
  proof(): Promise<string | undefined>;
  clusters(served: readonly ClusterRef[]): Clusters;
  firewall(ref: { project: string; name: string }): Promise<Firewall | undefined>;
};

/** The state that `firebreak local` stored for the other commands, and access to the parts of it that run. */
export type LocalReader = {
  project: string;
  /** The process that runs the stack, and whether it still runs. */
  pid?: number;
  isRunning: boolean;
  startedAt?: string;
  /** Whether an address answers at all. */
  answers(url: string): Promise<boolean>;
  bus: string;
  /** The address at which each function listens, as announced. */
  functions: Readonly<Record<string, string>>;
  /** The folder of the evidence, and whether files can be written to it. */
  evidence(): Promise<{ path: string; writable: boolean }>;
};

/** The mode of the policy: whether steps are carried out, or only decided and recorded. */
export type Mode = Policy['mode'];

/**
 * The policy file: its own mode, its hash for each mode that Terraform may have written into it, and whether it names
 * who the operators are.
 */
export type ExpectedPolicy = {
  path: string;
  mode: Mode;
  hashes: Readonly<Record<Mode, string>>;
  namesOperators: boolean;
};
/** The rules file. `filter`: that of the sink, as generated from the rules. `exec`: rules on exec are on. */
export type ExpectedRules = { path: string; hash: string; exec: boolean; filter: string };

/**
 * What the operator expects of the deployment, from files on this machine and from flags. A file that cannot be read
 * fails the checks that need it, and no others.
 */
export type Expected = {
  policy(): Promise<ExpectedPolicy>;
  rules(): Promise<ExpectedRules>;
  /** The owners with which `firebreak rbac` was called. */
  owners: readonly OwnerKind[];
  protectedNamespaces: readonly string[];
  /** Whether the function contain may delete workloads. */
  deleting: boolean;
};

/** The readers for every deployment, in a project or on this machine. */
export type CommonReaders = {
  /** ms since the epoch. */
  now(): number;
  expected: Expected;
  stores: Pick<Stores, 'incidents' | 'dead' | 'halts'>;
  /** The newest start of each function that logged one. */
  started(): Promise<Started[]>;
  /** Since when the whole deployment runs, where that is known. */
  runsSince: Time | undefined;
  /** When the function operate last acknowledged a tick; undefined where that is not known. */
  lastTick(): Promise<Time | undefined>;
  /** The command that shows the log of a function. */
  logsOf(name: string): string;
  /** A firebreak command for this deployment. */
  ours(...words: readonly string[]): string;
};
