import { z } from 'zod';
import type { KubeObject } from '../../kubernetes/object.ts';
import { plain } from '../../text.ts';

type Sign = { of: string; label?: string; annotation?: string };

/** Labels and annotations that tools leave on the objects they apply; the value names the application or release. */
const SIGNS: readonly Sign[] = [
  { of: 'Argo CD application', annotation: 'argocd.argoproj.io/tracking-id' },
  { of: 'Argo CD application', label: 'argocd.argoproj.io/instance' },
  { of: 'Flux Kustomization', label: 'kustomize.toolkit.fluxcd.io/name' },
  { of: 'Flux HelmRelease', label: 'helm.toolkit.fluxcd.io/name' },
  { of: 'Config Sync resource', annotation: 'configsync.gke.io/resource-id' },
  { of: 'Helm release', annotation: 'meta.helm.sh/release-name' },
];

/** Names of field managers that restore what they made. */
const KEEPERS = /argocd|kustomize-controller|helm-controller|configsync|reconciler|operator/i;

const managed = z.looseObject({
  managedFields: z.array(z.looseObject({ manager: z.string().optional() })).default([]),
});

const shown = (value: string): string => plain(value.split(':')[0] ?? '').slice(0, 100);

/**
 * What may make an object again once it is deleted, judged by its marks: a GitOps tool, Helm, an operator. undefined:
 * there is no such mark. The marks are as trustworthy as the object.
 */
export const managerOf = (object: KubeObject): string | undefined => {
  const { labels = {}, annotations = {} } = object.metadata;
  for (const { of, label, annotation } of SIGNS) {
    const value = label === undefined ? annotations[annotation ?? ''] : labels[label];
    if (value !== undefined && value !== '') return `${of} ${shown(value)}`;
  }
  const managers = managed
    .parse(object.metadata)
    .managedFields.flatMap((f) => (f.manager === undefined ? [] : [f.manager]));
  const keeper = managers.find((name) => KEEPERS.test(name));
  return keeper === undefined ? undefined : `field manager ${shown(keeper)}`;
};

/** The label by which Kueue suspends and resumes a Job as its queue has room. */
const QUEUE = 'kueue.x-k8s.io/queue-name';

/**
 * The queue of Kueue that may start a stopped Job again, although it would not make it again. KEDA's objects are asked
 * for by themselves: they name what they scale, and it need not name them.
 */
export const queueOf = (object: KubeObject): string | undefined => {
  const queue = object.metadata.labels?.[QUEUE] ?? '';
  return queue === '' ? undefined : `Kueue queue ${shown(queue)}`;
};
