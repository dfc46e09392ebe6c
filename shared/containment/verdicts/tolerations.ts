import { z } from 'zod';

export const toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.number().optional(),
});
export type Toleration = z.infer<typeof toleration>;

/** The taints of a node that no longer answers; a cut node gets both in turn. */
const LOST = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/**
 * Whether a toleration is for a taint of this key with the effect NoExecute and no value: the API server's own rule.
 */
const covers = (t: Toleration, key: string): boolean => {
  if (t.effect !== undefined && t.effect !== '' && t.effect !== 'NoExecute') return false;
  if (t.operator === 'Exists') return t.key === key || t.key === undefined || t.key === '';
  return t.key === key && (t.value ?? '') === '';
};

/** Of several tolerations for a taint only the first counts, also where a later one has a longer limit or none. */
const countingFor = (list: readonly Toleration[], key: string): Toleration | undefined =>
  list.find((t) => covers(t, key));

/** The taint of a lost node that a toleration names. One without a key is for all taints and keeps its limit. */
const namedBy = (t: Toleration): string | undefined => LOST.find((key) => t.key === key && covers(t, key));

/** Whether two tolerations differ at most in their limit. */
const isSame = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key &&
  a.operator === b.operator &&
  (a.value ?? '') === (b.value ?? '') &&
  (a.effect ?? '') === (b.effect ?? '');

const isForever = (list: readonly Toleration[], key: string): boolean => {
  const first = countingFor(list, key);
  return first !== undefined && first.tolerationSeconds === undefined;
};

/** Whether the list tolerates both taints without limit. */
export const toleratesForever = (list: readonly Toleration[]): boolean => LOST.every((key) => isForever(list, key));

/**
 * The whole list, with the not-ready and unreachable taints tolerated without limit, so that a pod on a cut node is not
 * deleted after 300 seconds. On a living pod the API server allows only to add tolerations, to order them anew, and to
 * change `tolerationSeconds`.
 */
export const tolerateForever = (list: readonly Toleration[]): Toleration[] => {
  const unlimited = list.map((t) => {
    if (namedBy(t) === undefined) return t;
    const { tolerationSeconds: _, ...rest } = t;
    return rest;
  });
  const missing = LOST.filter((key) => !unlimited.some((t) => namedBy(t) === key) && !isForever(unlimited, key));
  const whole = [...unlimited, ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute' }))];
  if (toleratesForever(whole)) return whole;
  // One for all taints comes before them, and would count with its limit.
  return [...whole.filter((t) => namedBy(t) !== undefined), ...whole.filter((t) => namedBy(t) === undefined)];
};

/**
 * The whole list, with the limits and the order of the before-image restored. Tolerations that we added stay, since the
 * API server lets nobody take one from a living pod, but with the limit that the pod had for that taint; `kept` counts
 * them.
 */
export const restoreTolerations = (
  now: readonly Toleration[],
  before: readonly Toleration[],
): { list: Toleration[]; kept: number } => {
  const placeOf = (t: Toleration): number => before.findIndex((b) => isSame(b, t));
  const restored = now.map((t) => {
    const key = namedBy(t);
    const was = before[placeOf(t)] ?? (key === undefined ? undefined : countingFor(before, key));
    return key === undefined || was?.tolerationSeconds === undefined
      ? t
      : { ...t, tolerationSeconds: was.tolerationSeconds };
  });
  const added = restored.filter((t) => placeOf(t) < 0);
  return {
    list: [...restored.filter((t) => placeOf(t) >= 0).toSorted((a, b) => placeOf(a) - placeOf(b)), ...added],
    kept: added.filter((t) => namedBy(t) !== undefined).length,
  };
};
