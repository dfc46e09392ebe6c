import type { Draft } from './kubernetes/store.ts';

type Seed = Draft & { apiVersion: string; kind: string };

const account = (namespace: string, name: string, annotations: Record<string, string> = {}): Seed => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace, annotations },
});

/** The workloads that GKE itself runs: DNS, a proxy as a static pod on every node, and the roles of the system. */
export const systemObjects = (nodes: Record<string, readonly string[]>): Seed[] => [
  account('kube-system', 'kube-dns'),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      template: {
        metadata: { labels: { 'k8s-app': 'kube-dns' } },
        spec: {
          serviceAccountName: 'kube-dns',
          priorityClassName: 'system-cluster-critical',
          containers: [{ name: 'kubedns', image: 'gke.example.com/kube-dns:1.24' }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { selector: { 'k8s-app': 'kube-dns' }, ports: [{ name: 'dns', port: 53, targetPort: 53 }] },
  },
  ...Object.values(nodes)
    .flat()
    .map(
      (node): Seed => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `kube-proxy-${node}`,
          namespace: 'kube-system',
          labels: { component: 'kube-proxy', tier: 'node' },
          annotations: { 'kubernetes.io/config.mirror': 'a1', 'kubernetes.io/config.source': 'file' },
        },
        spec: {
          nodeName: node,
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          tolerations: [
            { operator: 'Exists', effect: 'NoExecute' },
            { operator: 'Exists', effect: 'NoSchedule' },
          ],
          containers: [
            { name: 'kube-proxy', image: 'gke.example.com/kube-proxy:v1.34.1', securityContext: { privileged: true } },
          ],
        },
      }),
    ),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'system:node-proxier' },
    rules: [{ apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] }],
  },
];
