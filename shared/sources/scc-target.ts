import { at, type Loose, record, records, text } from '../kubernetes/loose.ts';
import * as grammar from '../kubernetes/names.ts';
import type { Place } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import { UNKNOWN_PROJECT } from './audit-fields.ts';
import type { ReadContext } from './source.ts';

/** A finding and its resource. `properties` are the detector's own, in its own spelling. */
export type SccNotification = { finding: Loose; resource: Loose; properties: Loose };

const MAX_TARGETS = 10;
const WORKLOADS = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'Job', 'CronJob'];
const CLUSTER =
  /^\/\/container\.googleapis\.com\/projects\/([^/]+)\/(?:zones|locations|regions)\/([^/]+)\/clusters\/([^/]+)(?:\/(.*))?$/;
const INSTANCE = /^\/\/compute\.googleapis\.com\/projects\/([^/]+)\/zones\/([^/]+)\/instances\/([^/]+)$/;
const POD = /^k8s\/namespaces\/([^/]+)\/pods\/([^/]+)$/;

/** A copy of an object with all its field names, at every depth, in camel case, however they were spelt. */
export const camelized = (object: Loose): Loose =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelizedValue(value),
    ]),
  );

const camelizedValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelizedValue);
  const object = record(value);
  return object === undefined ? value : camelized(object);
};

type Found = { targets: readonly [Target, ...Target[]]; doubts: string[] };

/**
 * The targets of a finding: each of its pods, else its workloads, nodes, VM, cluster, or project. Nothing within a
 * cluster is named where the cluster is not known or the event has no time (`timed` is false): the name alone could be
 * that of another pod.
 */
export const sccTargets = (notification: SccNotification, context: ReadContext, timed: boolean): Found => {
  const names = [notification.finding.resourceName, notification.resource.name].flatMap((name) => text(name) ?? []);
  const { place, instance, path, doubts } = placeOf(names, notification, context);
  const { location, cluster } = place;
  if (instance !== undefined && cluster === undefined) return { targets: [{ ...place, instance }], doubts };
  if (location === undefined || cluster === undefined || !timed) return { targets: [place], doubts };
  const { things, wrong } = thingsOf(notification, path);
  const [first, ...more] = things.map((thing): Target => ({ ...place, ...thing }));
  return {
    targets: first === undefined ? [place] : [first, ...more],
    doubts: wrong ? [...doubts, 'it names something in the cluster by a name that Kubernetes does not allow'] : doubts,
  };
};

type Where = { place: Place; instance?: string; path?: string; doubts: string[] };

/** Finds the place of a finding. A project number is not an id: the id stands in another field, or is not known. */
const placeOf = (names: readonly string[], notification: SccNotification, context: ReadContext): Where => {
  const known = projectIn(names, notification);
  const project = known ?? context.place?.project ?? UNKNOWN_PROJECT;
  const doubts = known === undefined ? [`it does not name its project by id: ${project} stands in`] : [];
  for (const name of names) {
    const [, , location = '', cluster = '', path] = CLUSTER.exec(name) ?? [];
    if (grammar.isLocation(location) && grammar.isClusterName(cluster)) {
      if (known === undefined) {
        return {
          place: { project },
          doubts: [...doubts, 'its cluster could be that of another project: nothing acts on it'],
        };
      }
      return { place: { project, location, cluster }, ...(path === undefined ? {} : { path }), doubts };
    }
    const [, , zone = '', instance = ''] = INSTANCE.exec(name) ?? [];
    if (grammar.isLocation(zone)) {
      return { place: { project, location: zone }, ...(grammar.isInstanceId(instance) ? { instance } : {}), doubts };
    }
  }
  return { place: { project }, doubts };
};

const projectIn = (names: readonly string[], { resource, properties }: SccNotification): string | undefined =>
  [
    ...names.map((name) => /^\/\/[a-z.]+\/projects\/([^/]+)/.exec(name)?.[1]),
    resource.projectDisplayName,
    at(resource, 'gcpMetadata', 'projectDisplayName'),
    at(properties, 'properties', 'projectId'),
    at(properties, 'properties', 'project_id'),
    at(properties, 'properties', 'network', 'project'),
    at(records(properties.evidence)[0], 'sourceLogId', 'projectId'),
    properties.ProjectId,
  ].find((one): one is string => typeof one === 'string' && grammar.isProjectId(one));

type Things = { things: Array<Partial<Target>>; wrong: boolean };

const thingsOf = ({ finding, properties }: SccNotification, path: string | undefined): Things => {
  const kubernetes = record(finding.kubernetes);
  const [, ns, pod] = POD.exec(path ?? '') ?? [];
  const candidates: Array<Array<Partial<Target> | undefined>> = [
    records(kubernetes?.pods).map((one) => podOf(one.ns, one.name)),
    records(kubernetes?.objects).flatMap((one) => workloadOf(one)),
    records(kubernetes?.nodes).map((one) => nodeOf(one.name)),
    ns === undefined ? [] : [podOf(ns, pod)],
    text(properties.Pod_Name) === undefined ? [] : [podOf(properties.Pod_Namespace, properties.Pod_Name)],
  ];
  const found = candidates.find((list) => list.length > 0) ?? [];
  const named = found.filter((one) => one !== undefined);
  const distinct = new Map(named.map((one) => [JSON.stringify(one), one]));
  return { things: [...distinct.values()].slice(0, MAX_TARGETS), wrong: named.length < found.length };
};

const podOf = (ns: unknown, name: unknown): Partial<Target> | undefined => {
  const found = namedIn(ns, name);
  return found === undefined ? undefined : { namespace: found.namespace, pod: found.name };
};

/** A namespace and a name within it; undefined where Kubernetes does not allow one of them. */
const namedIn = (ns: unknown, written: unknown): { namespace: string; name: string } | undefined => {
  const [namespace, name] = [text(ns) ?? '', text(written) ?? ''];
  return grammar.isLabelName(namespace) && grammar.isSubdomain(name) ? { namespace, name } : undefined;
};

/**
 * The workload that an object of a finding is; empty for objects that run nothing, such as roles, so that the cluster
 * is meant.
 */
const workloadOf = (object: Loose): Array<Partial<Target> | undefined> => {
  const kind = text(object.kind) ?? '';
  if (kind === 'Pod') return [podOf(object.ns, object.name)];
  if (!WORKLOADS.includes(kind)) return [];
  const found = namedIn(object.ns, object.name);
  return [found === undefined ? undefined : { namespace: found.namespace, workload: { kind, name: found.name } }];
};

/** The node whose name is the last part of its VM's name. */
const nodeOf = (name: unknown): Partial<Target> | undefined => {
  const node = (text(name) ?? '').split('/').at(-1) ?? '';
  return grammar.isSubdomain(node) ? { node } : undefined;
};
