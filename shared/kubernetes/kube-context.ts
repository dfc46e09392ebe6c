import type { ClusterRef } from '../model/target.ts';

/**
 * The name that `gcloud container clusters get-credentials` gives to the context of a cluster. A `kubectl` command that
 * names it works on that cluster or on none, whichever context is the current one.
 */
export const kubeContext = ({ project, location, cluster }: ClusterRef): string =>
  `gke_${project}_${location}_${cluster}`;
