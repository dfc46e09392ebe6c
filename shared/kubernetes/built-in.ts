import type { ObjectRef } from './object.ts';

/** A kind as an object or a reference to one names it. */
export type KindRef = Pick<ObjectRef, 'apiVersion' | 'kind'>;

/** `over`: what a controller makes and takes up, by group and kind. `selects`: whether it tells its own by its selector. */
type Controller = { over: string; selects: boolean };

/** The controllers of workloads that Kubernetes itself has, by group and kind. */
const CONTROLLERS: ReadonlyMap<string, Controller> = new Map([
  ['apps/DaemonSet', { over: '/Pod', selects: true }],
  ['apps/Deployment', { over: 'apps/ReplicaSet', selects: true }],
  ['apps/ReplicaSet', { over: '/Pod', selects: true }],
  ['apps/StatefulSet', { over: '/Pod', selects: true }],
  ['batch/CronJob', { over: 'batch/Job', selects: false }],
  ['batch/Job', { over: '/Pod', selects: true }],
  ['/ReplicationController', { over: '/Pod', selects: true }],
]);

/** Kubernetes' own API groups with a dot in their names. Those without are all its own: no custom kind may be in one. */
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

/** Whether a kind is one of Kubernetes' own, a controller or not. */
export const isBuiltIn = ({ apiVersion }: KindRef): boolean => {
  const group = groupOf(apiVersion);
  return !group.includes('.') || GROUPS.has(group);
};

/** Whether a kind is one of Kubernetes' own controllers of workloads. */
export const isBuiltInController = (kind: KindRef): boolean => CONTROLLERS.has(named(kind));

/**
 * Whether one kind may control another. Of Kubernetes' own kinds, only a controller does, and only what it makes: no
 * Deployment is directly above a pod, and no Secret above anything. A custom kind may be above whatever it likes.
 */
export const mayControl = (owner: KindRef, owned: KindRef): boolean =>
  isBuiltIn(owner) ? CONTROLLERS.get(named(owner))?.over === named(owned) : true;

/** Whether a kind lets go of what its selector does not match, so that it is above nothing else for long. */
export const controlsBySelector = (owner: KindRef): boolean => CONTROLLERS.get(named(owner))?.selects === true;
