import { kubeContext } from '../kubernetes/kube-context.ts';
import type { Incident } from '../model/incident.ts';
import { clusterOf } from '../model/target.ts';
import { shellLine } from '../shell.ts';

/** A command for the incident's cluster, whichever is kubectl's current one. */
export const kubectlLine = ({ target }: Pick<Incident, 'target'>, ...words: string[]): string => {
  const cluster = clusterOf(target);
  return shellLine('kubectl', ...(cluster === undefined ? [] : [`--context=${kubeContext(cluster)}`]), ...words);
};
