import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { type Kit, podNamed } from './containment.ts';

/** So many pods in the shop that nobody owns, by turns on these nodes. */
export const webPods = (kit: Kit, nodes: readonly unknown[], count: number): KubeObject[] =>
  Array.from({ length: count }, (_, n): KubeObject => {
    const name = `web-${n}`;
    kit.cluster.apply({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: { run: 'web' } } },
      spec: {
        nodeName: nodes[n % nodes.length],
        containers: [{ name: 'web', image: 'shop.example.com/web:0.9.1' }],
      },
    });
    return podNamed(kit, 'shop', name);
  });
