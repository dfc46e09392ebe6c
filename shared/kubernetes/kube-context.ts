import type { ClusterRef } from '../model/target.ts';

/**
 * The name that `gcloud container clusters get-credentials` gives to the context of a cluster. A `kubectl` command that
 * names it works on that cluster or on none, whichever context is the current one.
 */
export const kubeContext = ({ project, location, cluster }: ClusterRef): string =>
  `gke_${project}_${location}_${cluster}`;

/** The words of the command that makes this context. */
export const credentialsWords = ({ project, location, cluster }: ClusterRef): string[] => [
  ...['gcloud', 'container', 'clusters', 'get-credentials', cluster],
  ...[`--location=${location}`, `--project=${project}`],
];

/** `kubectl`, with the context of a cluster where one is known: the beginning of a command on one line. */
export const kubectlFor = (cluster: ClusterRef | undefined): string =>
  cluster === undefined ? 'kubectl' : `kubectl --context=${kubeContext(cluster)}`;
