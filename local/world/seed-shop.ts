import type { Fields } from './kubernetes/objects.ts';
import type { Draft } from './kubernetes/store.ts';

type Seed = Draft & { apiVersion: string; kind: string };

const podTemplate = (app: string, spec: Fields = {}): Fields => ({
  metadata: { labels: { app } },
  spec: {
    containers: [{ name: app, image: `shop.example.com/${app}:1.4.2`, ports: [{ containerPort: 8080 }] }],
    ...spec,
  },
});

const workload = (kind: string, namespace: string, app: string, spec: Fields, template = podTemplate(app)): Seed => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: app, namespace, labels: { app } },
  spec: { selector: { matchLabels: { app } }, template, ...spec },
});

const service = (namespace: string, app: string): Seed => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, namespace },
  spec: { selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});

const pod = (namespace: string, name: string, spec: Fields = {}): Seed => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { run: name } },
  spec: { containers: [{ name, image: `shop.example.com/${name}:0.9.1` }], ...spec },
});

const job = {
  template: {
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'report', image: 'shop.example.com/report:2.0.0', resources: { limits: { cpu: '1' } } }],
    },
  },
};

const identities: Seed[] = [
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      annotations: { 'iam.gke.io/gcp-service-account': 'cart@p1.iam.gserviceaccount.com' },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cart-db', namespace: 'shop' },
    type: 'Opaque',
    data: { password: 'bm90LWZvci1ldmlkZW5jZQ==' },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ledger-key', namespace: 'payments' },
    type: 'Opaque',
    data: { key: 'bm90LWZvci1ldmlkZW5jZQ==' },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'cart-reader', namespace: 'shop' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'cart-reader', namespace: 'shop' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'cart-reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
  },
];

/** The shop's own objects, in an order in which they can be created. */
export const shopObjects = (nodes: Record<string, readonly string[]>): Seed[] => {
  const [first = ''] = Object.values(nodes).flat();
  const mounts = {
    serviceAccountName: 'cart',
    containers: [
      {
        name: 'cart',
        image: 'shop.example.com/cart:1.4.2',
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: '500m' }, limits: { cpu: '3' } },
        env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'cart-db', key: 'password' } } }],
      },
    ],
  };
  return [
    ...identities,
    workload('Deployment', 'shop', 'cart', { replicas: 3 }, podTemplate('cart', mounts)),
    service('shop', 'cart'),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'cart' } } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'allow-cart', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'cart' } },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
      },
    },
    workload('StatefulSet', 'payments', 'ledger', { replicas: 2, serviceName: 'ledger' }),
    service('payments', 'ledger'),
    workload('DaemonSet', 'shop', 'node-agent', {}, podTemplate('node-agent', { hostPID: true })),
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'nightly-report', namespace: 'shop' }, spec: job },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'cleanup', namespace: 'shop' },
      spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } },
    },
    pod('shop', 'debug-shell'),
    pod('shop', 'edge-probe', { hostNetwork: true, nodeName: first }),
  ];
};
