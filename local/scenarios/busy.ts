import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { evenly, served } from '../world/monitoring/use.ts';
import { SHOP } from '../world/seed.ts';
import type { World } from '../world/world.ts';

const LASTED_MS = 70 * 60_000;

/** Makes a container of the shop use this many processors, evenly, for the last 70 minutes and from now on. */
export const busyFor = (world: World, pod: KubeObject, container: string, level: number, now: number): void => {
  const { name, namespace = 'default' } = pod.metadata;
  const key = `${namespace}/${name}/${container}`;
  const use = evenly(key, { level, from: now - LASTED_MS, before: served(key) });
  world.monitoring.use(SHOP, { namespace, pod: name, container }, use);
};
