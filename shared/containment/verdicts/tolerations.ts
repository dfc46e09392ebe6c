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

const covers = (t: Toleration, key: string): boolean =>
  t.key === key && t.operator === 'Exists' && (t.effect === undefined || t.effect === '' || t.effect === 'NoExecute');

/**
 * The whole list, with the not-ready and unreachable taints tolerated without limit, so that a pod on a cut node is not
 * deleted after 300 seconds. On a living pod the API server allows only to add tolerations and to change
 * `tolerationSeconds`.
 */
export const tolerateForever = (list: readonly Toleration[]): Toleration[] => {
  const unlimited = list.map((t) => {
    if (!LOST.some((key) => covers(t, key))) return t;
    const { tolerationSeconds: _, ...rest } = t;
    return rest;
  });
  const missing = LOST.filter((key) => !list.some((t) => covers(t, key)));
  return [...unlimited, ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute' }))];
};

/** Whether the list tolerates both taints without limit. */
export const toleratesForever = (list: readonly Toleration[]): boolean =>
  LOST.every((key) => list.some((t) => covers(t, key) && t.tolerationSeconds === undefined));

/**
 * The whole list, with the limits of the before-image restored. Tolerations that we added stay, since the API server
 * lets nobody take one from a living pod; `kept` counts them.
 */
export const restoreTolerations = (
  now: readonly Toleration[],
  before: readonly Toleration[],
): { list: Toleration[]; kept: number } => {
  const restored = now.map((t) => {
    const key = LOST.find((lost) => covers(t, lost));
    const was = key === undefined ? undefined : before.find((b) => covers(b, key));
    return was?.tolerationSeconds === undefined ? t : { ...t, tolerationSeconds: was.tolerationSeconds };
  });
  const kept = LOST.filter((key) => now.some((t) => covers(t, key)) && !before.some((b) => covers(b, key))).length;
  return { list: restored, kept };
};
