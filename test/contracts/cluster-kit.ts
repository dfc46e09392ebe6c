import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { ClusterReader, ClusterWriter } from '../../shared/ports.ts';

/** One identity's view of the cluster under test. */
export type ClusterView = { reader: ClusterReader; writer: ClusterWriter; wire: Wire };

/**
 * A server under test. It need not run controllers, a scheduler or kubelets: the suite relies only on the API server's
 * own behaviour, and writes the statuses that it needs.
 */
export type ClusterHarness = {
  /** A client with all rights; its lists come in pages of two. */
  admin: ClusterView;
  /** A client that may only get and list. */
  onlooker: ClusterView;
  /** An empty namespace with a ServiceAccount named default. */
  namespace: string;
  /** Loses the answer to the next change of `admin`; the change itself is made. */
  loseNextReply(): void;
  stop(): Promise<void>;
};

/** A ConfigMap: an object that no controller changes. */
export const settings = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels },
  data: { color: 'blue' },
});

/** A pod of one container. */
export const podIn = (namespace: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'shop.example.com/main:1' }] },
});

/** The parts of an object's metadata that a patch repeats, to apply only to that version. */
export const mark = (object: KubeObject) => ({
  uid: object.metadata.uid,
  resourceVersion: object.metadata.resourceVersion,
});

/** The reference to an object. */
export const refOf = (object: KubeObject) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
});

/** The names of objects, sorted. */
export const names = (objects: KubeObject[]): string[] => objects.map((o) => o.metadata.name).sort();

/** The cases' view of the harness; usable once the suite has begun. */
export type Given = {
  readonly harness: ClusterHarness;
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly namespace: string;
  /** Creates a ConfigMap as the admin. */
  config(name: string, labels?: Record<string, string>): Promise<KubeObject>;
  /** Reads an object again as the admin. */
  read(object: KubeObject): Promise<KubeObject | undefined>;
};

/** The cases' view of a harness that is opened later. */
export const givenOf = (harness: () => ClusterHarness): Given => ({
  get harness() {
    return harness();
  },
  get reader() {
    return harness().admin.reader;
  },
  get writer() {
    return harness().admin.writer;
  },
  get namespace() {
    return harness().namespace;
  },
  config: (name, labels) => harness().admin.writer.create(settings(harness().namespace, name, labels)),
  read: (object) => harness().admin.reader.get(refOf(object)),
});
