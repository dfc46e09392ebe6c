import type { KubeObject } from '../../shared/kubernetes/object.ts';

type Given = {
  name?: string;
  namespace?: string;
  owner?: { kind: string; name: string };
  labels?: Record<string, string>;
  container?: Record<string, unknown>;
};

/** A pod in the API server's form. */
export const podOf = ({ name = 'cart-0', namespace = 'shop', owner, labels, container }: Given = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace,
    uid: `00000000-0000-4000-8000-${name
      .padStart(12, '0')
      .slice(-12)
      .replace(/[^0-9a-f]/g, '0')}`,
    resourceVersion: '1',
    creationTimestamp: '2026-03-01T00:00:00Z',
    ...(labels === undefined ? {} : { labels }),
    ...(owner === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: 'apps/v1', uid: 'u', controller: true, ...owner }] }),
  },
  spec: { nodeName: 'n1', containers: [{ name: 'cart', image: 'shop.example.com/cart:1.4.2', ...container }] },
});
