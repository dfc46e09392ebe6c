import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { ClusterReader, ClusterWriter } from '../../shared/ports.ts';

/** One identity's view of the cluster under test. */
export type ClusterView = { reader: ClusterReader; writer: ClusterWriter; wire: Wire };

/**
 * What a server under test gives. It need not run controllers, a scheduler or kubelets: the suite asks only for what
 * the API server does by itself, and writes the statuses that it needs.
 */
export type ClusterHarness = {
  /** May do everything; its lists come in pages of two. */
  admin: ClusterView;
  /** May get and list, and nothing else. */
  onlooker: ClusterView;
  /** An empty namespace with a ServiceAccount named default. */
  namespace: string;
  /** From now on the answer to the next change of `admin` is lost, although the change is made. */
  loseNextReply(): void;
  stop(): Promise<void>;
};

/** A ConfigMap: an object on which no controller acts. */
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

/** What a patch quotes of the object that it was made for. */
export const mark = (object: KubeObject) => ({
  uid: object.metadata.uid,
  resourceVersion: object.metadata.resourceVersion,
});

/** Where an object is. */
export const refOf = (object: KubeObject) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
});

/** The names of objects, sorted. */
export const names = (objects: KubeObject[]): string[] => objects.map((o) => o.metadata.name).sort();

/** What the cases work with; each part is there once the suite has begun. */
export type Given = {
  readonly harness: ClusterHarness;
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly namespace: string;
  /** Makes a ConfigMap as the admin. */
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
