const NAMED = ['kube-system', 'kube-public', 'kube-node-lease'];

/** Whether Kubernetes or GKE runs its own parts here. Anyone who may create namespaces can create a `gke-*` one too. */
export const isSystemNamespace = (namespace: string): boolean =>
  NAMED.includes(namespace) || /^(gke|gmp)-/.test(namespace);
