import type { Target } from '../model/target.ts';

/** The shortest unambiguous words for a target: `pod shop/cart-7d9f`, `Deployment shop/cart`, `node gke-c1-a`. */
export const targetText = (t: Target): string => {
  const within = t.namespace === undefined ? '' : `${t.namespace}/`;
  if (t.pod !== undefined) return `pod ${within}${t.pod}`;
  if (t.workload !== undefined) return `${t.workload.kind} ${within}${t.workload.name}`;
  if (t.node !== undefined) return `node ${t.node}`;
  if (t.instance !== undefined) return `instance ${t.instance}`;
  const by = t.principal === undefined ? '' : ` (${t.principal})`;
  if (t.namespace !== undefined) return `namespace ${t.namespace}${by}`;
  return t.cluster === undefined ? `project ${t.project}${by}` : `cluster ${t.cluster}${by}`;
};

/** The place of a target, as far as it is named: `p1/europe-west1/c1`. */
export const placeText = (t: Target): string =>
  [t.project, t.location, t.cluster].filter((part) => part !== undefined).join('/');
