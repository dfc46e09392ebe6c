import { z } from 'zod';

type Labels = Readonly<Record<string, string>>;

const expression = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).optional(),
});

/** A label selector, as NetworkPolicies and controllers have it. */
export const labelSelector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(expression).optional(),
});
type LabelSelector = z.infer<typeof labelSelector>;

/** The value of a label; undefined where the labels have none of this name. `constructor` is a valid name. */
export const labelIn = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

const holds = (e: z.infer<typeof expression>, labels: Labels): boolean => {
  const value = labelIn(labels, e.key);
  if (e.operator === 'Exists') return value !== undefined;
  if (e.operator === 'DoesNotExist') return value === undefined;
  const among = value !== undefined && e.values?.includes(value) === true;
  return e.operator === 'In' ? among : !among;
};

/** Whether labels meet a selector; all labels meet an empty one. */
export const meets = ({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean =>
  Object.entries(matchLabels ?? {}).every(([key, value]) => labelIn(labels, key) === value) &&
  (matchExpressions ?? []).every((e) => holds(e, labels));

/**
 * Whether a controller with this selector takes objects with these labels for its own. A controller whose selector is
 * missing, empty or unreadable takes nothing, as the built-in controllers do.
 */
export const selects = (raw: unknown, labels: Labels): boolean => {
  const read = labelSelector.safeParse(raw);
  if (!read.success) return false;
  const terms = Object.keys(read.data.matchLabels ?? {}).length + (read.data.matchExpressions ?? []).length;
  return terms > 0 && meets(read.data, labels);
};
