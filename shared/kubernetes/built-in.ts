import type { ObjectRef } from './object.ts';

/** The kind of an object, as the object or a reference to it has it. */
type KindRef = Pick<ObjectRef, 'apiVersion' | 'kind'>;

/** `over`: the kind that a controller makes and adopts. `selects`: whether it knows its own objects by a selector. */
type Controller = { over: string; selects: boolean };

/** The built-in controllers of workloads, by group and kind. */
const CONTROLLERS: ReadonlyMap<string, Controller> = new Map([
  ['apps/DaemonSet', { over: '/Pod', selects: true }],
  ['apps/Deployment', { over: 'apps/ReplicaSet', selects: true }],
  ['apps/ReplicaSet', { over: '/Pod', selects: true }],
  ['apps/StatefulSet', { over: '/Pod', selects: true }],
  ['batch/CronJob', { over: 'batch/Job', selects: false }],
  ['batch/Job', { over: '/Pod', selects: true }],
  ['/ReplicationController', { over: '/Pod', selects: true }],
]);

/** Built-in API groups with a dot in their names. Those without a dot are all built in: they hold no custom kind. */
const GROUPS: ReadonlySet<string> = new Set(
  [
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'metrics',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((name) => `${name}.k8s.io`),
);

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

const named = ({ apiVersion, kind }: KindRef): string => `${groupOf(apiVersion)}/${kind}`;

/** Whether a kind is built into Kubernetes, a controller or not. */
export const isBuiltIn = ({ apiVersion }: Pick<KindRef, 'apiVersion'>): boolean => {
  const group = groupOf(apiVersion);
  return !group.includes('.') || GROUPS.has(group);
};

/** Whether a kind is a built-in controller of workloads. */
export const isBuiltInController = (kind: KindRef): boolean => CONTROLLERS.has(named(kind));

/**
 * Whether one kind may control another. A built-in kind may only if it is a controller, and only the kind that it
 * makes: a Deployment is never directly above a pod, and a Secret above nothing. A custom kind may control any kind.
 */
export const mayControl = (owner: KindRef, owned: KindRef): boolean =>
  isBuiltIn(owner) ? CONTROLLERS.get(named(owner))?.over === named(owned) : true;

/** Whether a controller of this kind releases what its selector does not match, so that it never owns that for long. */
export const controlsBySelector = (owner: KindRef): boolean => CONTROLLERS.get(named(owner))?.selects === true;
