import { z } from 'zod';
import type { KubeObject } from '../../kubernetes/object.ts';

const names = z.looseObject({ name: z.string() });
const podSpec = z.looseObject({
  serviceAccountName: z.string().optional(),
  containers: z.array(names).default([]),
  initContainers: z.array(names).default([]),
  ephemeralContainers: z.array(names).default([]),
});

/** Pods that a list of those on a node names at most; GKE allows 256 of them. */
const MOST_PODS = 500;
const images = z.looseObject({ image: z.string().optional() });
const podImages = z.looseObject({
  containers: z.array(images).default([]),
  initContainers: z.array(images).default([]),
  ephemeralContainers: z.array(images).default([]),
});

const imagesOf = ({ spec }: KubeObject): string[] => {
  const { initContainers, containers, ephemeralContainers } = podImages.parse(spec ?? {});
  return [...new Set([...initContainers, ...containers, ...ephemeralContainers].flatMap(({ image }) => image ?? []))];
};

/** A list of pods by what tells each of them again: names, UIDs, owners, images. `more`: how many it leaves out. */
export const listedPods = (pods: readonly KubeObject[]) => ({
  pods: pods.slice(0, MOST_PODS).map((pod) => ({
    namespace: pod.metadata.namespace,
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    owners: (pod.metadata.ownerReferences ?? []).map(({ kind, name, uid }) => ({ kind, name, uid })),
    images: imagesOf(pod),
  })),
  more: Math.max(0, pods.length - MOST_PODS),
});

/** The service account a pod runs as; Kubernetes fills in `default` where the spec says nothing. */
export const serviceAccountOf = (pod: KubeObject): string =>
  podSpec.parse(pod.spec ?? {}).serviceAccountName ?? 'default';

/** Every container of a pod by name: init, ordinary, ephemeral. */
export const containerNames = (pod: KubeObject): string[] => {
  const spec = podSpec.parse(pod.spec ?? {});
  return [...spec.initContainers, ...spec.containers, ...spec.ephemeralContainers].map((c) => c.name);
};

/** The bindings that name this service account itself as a subject; groups that contain it are not considered. */
export const bindingsOf = (bindings: readonly KubeObject[], namespace: string, account: string): KubeObject[] => {
  const subjects = z.looseObject({
    subjects: z
      .array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
      .default([]),
  });
  return bindings.filter((binding) =>
    subjects
      .parse(binding)
      .subjects.some(
        (s) =>
          s.kind === 'ServiceAccount' &&
          s.name === account &&
          (s.namespace ?? binding.metadata.namespace) === namespace,
      ),
  );
};
