import { z } from 'zod';
import type { KubeObject } from '../../kubernetes/object.ts';

const expression = z.object({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z.array(z.string()).optional(),
});
const selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(expression).optional(),
});
const policySpec = z.looseObject({
  podSelector: selector,
  policyTypes: z.array(z.string()).optional(),
  ingress: z.array(z.unknown()).optional(),
  egress: z.array(z.unknown()).optional(),
});

type Expression = z.infer<typeof expression>;

const holds = (e: Expression, labels: Record<string, string>): boolean => {
  const value = labels[e.key];
  if (e.operator === 'Exists') return value !== undefined;
  if (e.operator === 'DoesNotExist') return value === undefined;
  const among = value !== undefined && e.values?.includes(value) === true;
  return e.operator === 'In' ? among : !among;
};

/**
 * Whether a Kubernetes label selector matches. An empty selector matches everything; one that cannot be read counts
 * as matching, so that nobody is told of an isolation that may not hold.
 */
export const selectorMatches = (raw: unknown, labels: Record<string, string>): boolean => {
  const read = selector.safeParse(raw);
  if (!read.success) return true;
  const exact = Object.entries(read.data.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return exact && (read.data.matchExpressions ?? []).every((e) => holds(e, labels));
};

/**
 * The names of the policies that select a pod with these labels and allow it anything: NetworkPolicies only add up, so
 * one of them undoes a deny-all. A policy that cannot be read counts as allowing.
 */
export const policiesThatAllow = (policies: readonly KubeObject[], labels: Record<string, string>): string[] =>
  policies
    .filter((policy) => {
      const spec = policySpec.safeParse(policy.spec);
      if (!spec.success) return true;
      const rules = [...(spec.data.ingress ?? []), ...(spec.data.egress ?? [])];
      return rules.length > 0 && selectorMatches(spec.data.podSelector, labels);
    })
    .map((policy) => policy.metadata.name);
