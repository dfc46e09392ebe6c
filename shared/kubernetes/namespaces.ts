const NAMED = ['kube-system', 'kube-public', 'kube-node-lease'];

/** Whether Kubernetes or GKE runs its own parts in this namespace. Anyone who may create namespaces can take `gke-*`. */
export const isSystemNamespace = (namespace: string): boolean =>
  NAMED.includes(namespace) || /^(gke|gmp)-/.test(namespace);
