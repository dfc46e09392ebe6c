import type { ObjectRef } from './object.ts';

/** A kind as an object or a reference to one names it. */
export type KindRef = Pick<ObjectRef, 'apiVersion' | 'kind'>;

/** The controllers of workloads that Kubernetes itself has, by group and kind. What each of them is over is checked where it is read. */
const CONTROLLERS: readonly string[] = [
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'batch/CronJob',
  'batch/Job',
  '/ReplicationController',
];

/** The group of an API version: `apps` of `apps/v1`, none of `v1`. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** Whether a kind is one of Kubernetes' own controllers of workloads, whose API the API server itself serves. */
export const isBuiltInController = ({ apiVersion, kind }: KindRef): boolean =>
  CONTROLLERS.includes(`${groupOf(apiVersion)}/${kind}`);
