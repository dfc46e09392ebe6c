import type { KubeObject } from '../../../../shared/kubernetes/object.ts';

/** An object as an API server returns it, in the namespace `shop` unless `metadata` names another. */
export const kubeObject = (
  kind: string,
  metadata: Partial<KubeObject['metadata']> = {},
  spec: object = {},
  status: object = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name: 'a',
    namespace: 'shop',
    uid: 'u-1',
    resourceVersion: '1',
    creationTimestamp: '2026-03-02T03:00:00Z',
    ...metadata,
  },
  spec: { ...spec },
  status: { ...status },
});
