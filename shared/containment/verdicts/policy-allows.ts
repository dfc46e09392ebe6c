import { z } from 'zod';
import { labelSelector, meets } from '../../kubernetes/label-selector.ts';
import type { KubeObject } from '../../kubernetes/object.ts';

const policySpec = z.looseObject({
  podSelector: labelSelector,
  policyTypes: z.array(z.string()).optional(),
  ingress: z.array(z.unknown()).optional(),
  egress: z.array(z.unknown()).optional(),
});

/**
 * Whether a Kubernetes label selector matches. An empty selector matches everything; one that cannot be read counts
 * as matching, so that nobody is told of an isolation that may not hold.
 */
export const selectorMatches = (raw: unknown, labels: Record<string, string>): boolean => {
  const read = labelSelector.safeParse(raw);
  return !read.success || meets(read.data, labels);
};

/**
 * The names of the policies that select a pod with these labels and allow it any traffic. NetworkPolicies are additive,
 * so one of them undoes a deny-all. A policy that cannot be read counts as allowing.
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
