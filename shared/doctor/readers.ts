import type { Policy } from '../decision/policy.ts';
import type { OwnerKind } from '../kubernetes/rbac-roles.ts';
import type { Firewall } from '../model/compute.ts';
import type { ClusterRef } from '../model/target.ts';
import type { Time } from '../model/time.ts';
import type { Clusters, Stores } from '../ports.ts';

/** A Cloud Run function as it is deployed. `service` is `projects/P/locations/L/services/S`. */
export type DeployedFunction = {
  name: string;
  location: string;
  state: string;
  /** What the platform says is wrong with it. */
  problems: string[];
  runtime?: string;
  uri?: string;
  service?: string;
  account?: string;
  ingress?: string;
  revision?: string;
  timeoutSeconds?: number;
  environment: Readonly<Record<string, string>>;
};

/** A subscription as it is; times in seconds, `topic` without its project. */
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
/** Which Data Access logs of a service are written: `DATA_READ` and its like, each with whom it leaves out. */
export type AuditSetting = { service: string; types: Array<{ type: string; exempt: string[] }> };
export type ProjectPolicy = { bindings: Binding[]; audit: AuditSetting[] };

export type DeployedSink = {
  name: string;
  destination: string;
  filter: string;
  writer?: string;
  disabled: boolean;
  exclusions: string[];
};

/** `expiring`: the collections whose documents the database drops at their `expireAt`. */
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
/** An alerting policy, with its channels by name, and what it asks in PromQL. */
export type DeployedAlert = { name: string; enabled: boolean; channels: string[]; queries: string[] };

/** Whose own policy is asked for. */
export type PolicyHolder = { kind: 'topic' | 'subscription' | 'bucket' | 'service' | 'project'; name: string };

/** What a function said when it started: which policy and rules it had read, by their hashes. */
export type Started = { function: string; at: string; revision?: string; policy?: string; rules?: string };

/**
 * Reads of a deployed project. What is not there is left out of lists, or undefined. Throws Denied, with a sentence,
 * without the right to read, Transient on anything else.
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
  /** What a role permits; undefined where there is no such role. */
  permissionsOf(role: string): Promise<string[] | undefined>;
  /** The numeric id of a service account; undefined where it is not there. */
  accountId(email: string): Promise<string | undefined>;
  sinks(): Promise<DeployedSink[]>;
  databases(): Promise<DeployedDatabase[]>;
  bucket(name: string): Promise<DeployedBucket | undefined>;
  jobs(location: string): Promise<DeployedJob[]>;
  channels(): Promise<DeployedChannel[]>;
  alerts(): Promise<DeployedAlert[]>;
  /** Whether the person who asks may publish to a topic. */
  mayPublish(topic: string): Promise<boolean>;
  /** The audience of the ID token that requests of the person who asks carry; undefined: they carry none. */
  proof(): Promise<string | undefined>;
  clusters(served: readonly ClusterRef[]): Clusters;
  firewall(ref: { project: string; name: string }): Promise<Firewall | undefined>;
};

/** What `firebreak local` left for the other commands, and what answers of it. */
export type LocalReader = {
  project: string;
  /** The process that runs it, and whether it still does. */
  pid?: number;
  isRunning: boolean;
  startedAt?: string;
  /** Whether an address answers at all. */
  answers(url: string): Promise<boolean>;
  bus: string;
  /** Where each function listens, as announced. */
  functions: Readonly<Record<string, string>>;
  /** Whether files can be written where the evidence goes. */
  evidence(): Promise<{ path: string; writable: boolean }>;
};

/** Whether anything is done, or only decided and recorded. */
export type Mode = Policy['mode'];

/** What the operator holds against the deployment: files on this machine, and flags. */
export type Expected = {
  /** By the file's own mode, and by each mode that Terraform may have written into it. */
  policy: { path: string; mode: Mode; hashes: Readonly<Record<Mode, string>> };
  rules: { path: string; hash: string; exec: boolean };
  /** The filter of the sink, as the rules make it. */
  filter: string;
  /** What `firebreak rbac` was called with. */
  owners: readonly OwnerKind[];
  protectedNamespaces: readonly string[];
  /** Whether contain may delete workloads. */
  deleting: boolean;
  namespace: string;
};

/** What every deployment has. */
export type CommonReaders = {
  /** ms since the epoch. */
  now(): number;
  expected: Expected;
  stores: Pick<Stores, 'incidents' | 'dead' | 'halts'>;
  /** The newest start of each function that said one. */
  started(): Promise<Started[]>;
  /** Since when all of it runs, where that is known. */
  runsSince: Time | undefined;
  /** When operate acknowledged a tick last; undefined: not that we know. */
  lastTick(): Promise<Time | undefined>;
  /** The command that shows the log of a function. */
  logsOf(name: string): string;
  /** A command of ours that is about this deployment. */
  ours(...words: readonly string[]): string;
};
