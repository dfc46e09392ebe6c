import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { SHOP } from '../world/seed.ts';
import { clusterKey, type World } from '../world/world.ts';

/** The shop's first pod in this namespace with this label. Its name and its node are chosen by the world. */
export const podOf = (world: World, namespace: string, [key, value]: readonly [string, string]): KubeObject => {
  const pods = world.clusters.get(clusterKey(SHOP))?.list('v1', 'Pod', namespace) ?? [];
  const found = pods.find((pod) => pod.metadata.labels?.[key] === value);
  if (found === undefined) throw new Error(`the world has no pod of ${namespace}/${value}: seed it with seedShop`);
  return found;
};
