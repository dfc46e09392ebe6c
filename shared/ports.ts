import type { KubeObject, ObjectRef } from './kubernetes/object.ts';
import type { BudgetRecord } from './model/budget.ts';
import type { ComputeReader, ComputeWriter } from './model/compute.ts';
import type { Host } from './model/host.ts';
import type { Topic } from './model/ids.ts';
import type { Incident } from './model/incident.ts';
import type { DeadLetter, FindingRecord, HaltRecord, Head, SubjectRecord } from './model/records.ts';
import type { RequestRecord } from './model/request.ts';
import type { Series, SeriesQuery } from './model/series.ts';
import type { ClusterRef } from './model/target.ts';
import type { Time } from './model/time.ts';
import type { Spans } from './spans.ts';

/** Time and randomness, passed in so that a run can be replayed. `now`: ms since the epoch; `random`: 128 bits, hex. */
export type Clock = {
  now(): number;
  monotonic(): number;
  sleep(ms: number): Promise<void>;
  random(): string;
};

/** Publishes a JSON body; resolves with the message id once the bus has accepted it. */
export type Bus = {
  publish(topic: Topic, body: unknown, attributes?: Record<string, string>): Promise<string>;
};

/**
 * One page of a listing. Passing `next` as `after` gives the page that follows; without `next` there is none. `unread`:
 * what it leaves out because it cannot be read, which only a listing does that was told to go on.
 */
export type Page<T> = { items: T[]; next?: string; unread?: Array<{ id: string; because: Error }> };
export type ListQuery = { prefix?: string; state?: string; key?: string; dueBefore?: Time };

/**
 * Documents of one collection. `put` compares and sets: the stored `rev` must equal `expected` (null: the document must
 * not exist), else it throws Conflict; it writes `rev + 1` and a random `writer`, and resolves with the stored
 * document. Throws Malformed for a document above 512 KiB, and Transient for one of a newer `v`.
 */
export type DocStore<T> = {
  get(id: string): Promise<T | undefined>;
  put(id: string, doc: T, expected: number | null): Promise<T>;
  list(query: ListQuery, page?: { limit?: number; after?: string }): Promise<Page<T>>;
  delete(id: string): Promise<void>;
};

/** The collections of the `incidents` database, for decide, operate and contain. */
export type Stores = {
  incidents: DocStore<Incident>;
  heads: DocStore<Head>;
  findings: DocStore<FindingRecord>;
  subjects: DocStore<SubjectRecord>;
  hosts: DocStore<Host>;
  requests: DocStore<RequestRecord>;
  halts: DocStore<HaltRecord>;
  budgets: DocStore<BudgetRecord>;
  dead: DocStore<DeadLetter>;
};

/** Bodies that must never change: `put` never overwrites; `existed` tells that the key was there already. */
export type Evidence = {
  put(key: string, body: Uint8Array): Promise<{ key: string; sha256: string; size: number; existed: boolean }>;
  get(key: string): Promise<Uint8Array | undefined>;
  list(prefix: string): Promise<string[]>;
};

export type ObjectQuery = {
  apiVersion: string;
  kind: string;
  namespace?: string;
  labels?: Record<string, string>;
  fields?: Record<string, string>;
  /** With so many characters of JSON the list may end early: for what others may write without end. */
  limitBytes?: number;
};

/** Reads of a cluster, for functions that may not change it. `get` gives undefined for an object that is not there. */
export type ClusterReader = {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Every object that is selected. Throws Malformed where they are more than the memory should hold. */
  list(query: ObjectQuery): Promise<KubeObject[]>;
  /**
   * Gives every object to `look`, page by page, without holding them: for lists that may be long, or that others may
   * lengthen. Resolves with a sentence where even so it ended before the last one.
   */
  each(
    query: Omit<ObjectQuery, 'limitBytes'>,
    look: (page: KubeObject[]) => Promise<void> | void,
  ): Promise<string | undefined>;
  /**
   * The current log file of one container, or its last `tailLines` lines; undefined where there is none. What is longer
   * than `limitBytes` is cut at its end, so the newest lines are lost.
   */
  log(pod: {
    namespace: string;
    name: string;
    container: string;
    limitBytes: number;
    tailLines?: number;
  }): Promise<string | undefined>;
};

export type Patch = { type: 'merge' | 'strategic' | 'json'; body: unknown };
export type Eviction =
  | { outcome: 'evicted' }
  | { outcome: 'gone' }
  | { outcome: 'blocked'; because: string; retryAfterMs: number };

/**
 * Changes to a cluster, each harmless to repeat. `create` throws Conflict where the name exists; `patch` has uid, and
 * mostly resourceVersion, in its body, and throws Conflict where they no longer hold; `delete` and `evict` go by UID.
 */
export type ClusterWriter = {
  create(object: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string; [k: string]: unknown };
    [k: string]: unknown;
  }): Promise<KubeObject>;
  patch(ref: ObjectRef, patch: Patch, subresource?: 'ephemeralcontainers' | 'status'): Promise<KubeObject>;
  delete(
    ref: ObjectRef,
    options: { uid: string; graceSeconds?: number; propagation?: 'Foreground' | 'Background' | 'Orphan' },
  ): Promise<'deleted' | 'gone'>;
  evict(pod: { namespace: string; name: string; uid: string; graceSeconds?: number }): Promise<Eviction>;
};

/** Facts about a cluster, from the container API. */
export type ClusterDescription = {
  autopilot: boolean;
  /** Whether NetworkPolicy objects are enforced: Dataplane V2 or the network policy add-on. */
  networkPolicy: boolean;
  /** Whether Cloud Monitoring gets the CPU use of its nodes and containers. */
  systemMetrics: boolean;
  /** Whether at least one node pool of the cluster has GKE Sandbox. */
  sandboxPool: boolean;
  /** The instance groups (partial URLs) of pools that the cluster autoscaler sizes. */
  autoscaledGroups: string[];
  network?: string;
};

/** The clusters that this deployment serves. For any other cluster it throws Denied with a sentence. */
export type Clusters = {
  served(): readonly ClusterRef[];
  describe(ref: ClusterRef): Promise<ClusterDescription>;
  reader(ref: ClusterRef): ClusterReader;
};
export type WritableClusters = Clusters & { writer(ref: ClusterRef): ClusterWriter };

/**
 * Reads of Cloud Logging: entries that match a filter, as the Log Router would export them, oldest first and at most
 * `limit`. Throws Malformed for a filter that the service cannot read, and Denied without the right to read these logs.
 */
export type LogReader = {
  entries(query: { project: string; filter: string; limit: number }): Promise<unknown[]>;
};

/**
 * Reads of Cloud Monitoring, at most 500 series. Throws Malformed for a query that the service cannot read, and Denied
 * without the right to read these metrics. A metric that does not exist has no series.
 */
export type MetricsReader = { series(query: SeriesQuery): Promise<Series[]> };

/**
 * Who a token is of. `domain`: the domain of the address, if its owner runs the account. A private account may have an
 * address of a company as well, and keeps it when its owner leaves the company.
 */
export type Identity = { email: string; domain?: string };

/** Verifies who sent a request. Throws Malformed, in a sentence, for an invalid token; Transient without its keys. */
export type IdentityVerifier = { verify(idToken: string): Promise<Identity> };

/**
 * Sends one request to a service outside of Google Cloud. Redirects are not followed, since the request may hold a
 * secret. Resolves with any answer, its body cut short. Throws Transient where there is none; the request may have
 * arrived then.
 */
export type HttpPost = (request: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}) => Promise<{ status: number; retryAfter: string | undefined; body: string }>;

/** One JSON line per arrow. The adapter bounds the values of `fields` and strips control characters from them. */
export type Log = {
  info(arrow: string, message: string, fields?: Record<string, unknown>): void;
  warn(arrow: string, message: string, fields?: Record<string, unknown>): void;
  error(arrow: string, message: string, fields?: Record<string, unknown>): void;
  /** A line that is counted: `metric` names the counter, so that nothing that was accepted vanishes unseen. */
  count(metric: string, message: string, fields?: Record<string, unknown>): void;
};

/** The ports of decide and operate, which read the world and write documents. */
export type DecidePorts = {
  clock: Clock;
  spans?: Spans;
  bus: Bus;
  stores: Stores;
  clusters: Clusters;
  compute: ComputeReader;
  log: Log;
};

/** The ports of contain, the only function that changes cluster and compute. */
export type ContainPorts = {
  clock: Clock;
  bus: Bus;
  stores: Stores;
  clusters: WritableClusters;
  compute: ComputeReader & ComputeWriter;
  evidence: Evidence;
  log: Log;
};
