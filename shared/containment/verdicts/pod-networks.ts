import { z } from 'zod';
import { jsonOf } from '../../json.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { plain } from '../../text.ts';
import { annotationOf } from '../image.ts';

/** Annotations by which a pod gets further interfaces: of Multus, and of GKE's multi-networking. */
const MULTUS = 'k8s.v1.cni.cncf.io/networks';
const GKE = 'networking.gke.io/interfaces';
const MOST = 200;

const interfaces = z.array(z.looseObject({ network: z.string() }));

/** The networks of GKE's annotation, without the default one; as it stands where it cannot be read. */
const ofGke = (written: string): string[] => {
  const read = interfaces.safeParse(jsonOf(written));
  return read.success ? read.data.map(({ network }) => network).filter((name) => name !== 'default') : [written];
};

/** The networks that a pod is in beside the pod network, the only one that a NetworkPolicy is for. */
export const networksBeside = (pod: KubeObject): string[] => {
  const multus = annotationOf(pod, MULTUS) ?? '';
  const gke = annotationOf(pod, GKE) ?? '';
  const named = [...(multus.trim() === '' ? [] : [multus]), ...(gke.trim() === '' ? [] : ofGke(gke))];
  return named.map((name) => plain(name, MOST));
};
