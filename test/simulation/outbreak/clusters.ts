import { seedCluster } from '../../../local/world/seed.ts';
import type { World } from '../../../local/world/world.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';

/** A cluster with one pod of the attacked workload. */
export type Attacked = { ref: ClusterRef; pod: { name: string; uid: string } };

const ZONE = 'europe-west1-b';

/**
 * Adds clusters of one project to a world, all in one region: each with a pool of three nodes in one zone, and a
 * Deployment whose one pod is attacked.
 */
export const addClusters = (world: World, count: number): Attacked[] =>
  Array.from({ length: count }, (_, n) => {
    const ref = { project: 'p1', location: 'europe-west1', cluster: `c${n + 10}` };
    const nodes = Array.from({ length: 3 }, (_none, i) => `gke-${ref.cluster}-pool-1-5f0a1b2c-b${i}`);
    const cluster = seedCluster(world, ref, { [ZONE]: nodes }, ['shop']);
    cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop', labels: { app: 'cart' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'cart' } },
        template: {
          metadata: { labels: { app: 'cart' } },
          spec: { containers: [{ name: 'cart', image: 'shop.example.com/cart:1.4.2' }] },
        },
      },
    });
    cluster.settle();
    const [pod] = cluster.list('v1', 'Pod', 'shop');
    if (pod === undefined) throw new Error(`${ref.cluster} has no pod to attack`);
    return { ref, pod: { name: pod.metadata.name, uid: pod.metadata.uid } };
  });
