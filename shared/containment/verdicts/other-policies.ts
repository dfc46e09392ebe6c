import { z } from 'zod';
import { mayMatchCalico } from '../../kubernetes/calico-selector.ts';
import { labelSelector, meets } from '../../kubernetes/label-selector.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { selectorMatches } from './policy-allows.ts';

type Labels = Readonly<Record<string, string>>;

/** A pod as policies see it: its own labels, and its namespace with its labels. */
type PolicySubject = { labels: Labels; namespace: string; namespaceLabels: Labels };

/** A kind of policy beside NetworkPolicy, and whether one of its objects may allow a pod traffic. */
export type OtherPolicy = {
  apiVersion: string;
  kind: string;
  group: string;
  resource: string;
  called: string;
  namespaced: boolean;
  mayAllow(policy: KubeObject, subject: PolicySubject): boolean;
};

const isFilled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
const isRule = (rule: unknown): boolean => Object.values(Object(rule)).some(isFilled);

const ciliumRule = z.looseObject({
  endpointSelector: z.unknown().optional(),
  ingress: z.array(z.unknown()).nullish(),
  egress: z.array(z.unknown()).nullish(),
});
const OF_NAMESPACE = 'io.cilium.k8s.namespace.labels.';

/** Cilium writes the source of a label before its key: `k8s:app`. */
const plainKey = (key: string): string => key.replace(/^(k8s|any)[:.]/, '');

const ciliumSelects = (raw: unknown, { labels, namespace, namespaceLabels }: PolicySubject): boolean => {
  const read = labelSelector.safeParse(raw);
  if (!read.success) return true;
  const known: Record<string, string> = { ...labels, 'io.kubernetes.pod.namespace': namespace };
  for (const [key, value] of Object.entries(namespaceLabels)) known[`${OF_NAMESPACE}${key}`] = value;
  // Other labels of Cilium's own, such as that of the service account, are not known here.
  const isKnown = (key: string) => !key.startsWith('io.cilium.') || key.startsWith(OF_NAMESPACE);
  return meets(
    {
      matchLabels: Object.fromEntries(
        Object.entries(read.data.matchLabels ?? {})
          .map(([key, value]): [string, string] => [plainKey(key), value])
          .filter(([key]) => isKnown(key)),
      ),
      matchExpressions: (read.data.matchExpressions ?? [])
        .map((term) => ({ ...term, key: plainKey(term.key) }))
        .filter(({ key }) => isKnown(key)),
    },
    known,
  );
};

const cilium: OtherPolicy['mayAllow'] = (policy, subject) =>
  [policy.spec, ...[policy.specs].flat()]
    .filter((spec) => spec !== undefined && spec !== null)
    .some((spec) => {
      const read = ciliumRule.safeParse(spec);
      if (!read.success) return true;
      // Without it, the policy is for nodes.
      if (read.data.endpointSelector === undefined) return false;
      // An empty rule allows nothing: it only puts pods under the default deny.
      const rules = [...(read.data.ingress ?? []), ...(read.data.egress ?? [])];
      return rules.some(isRule) && ciliumSelects(read.data.endpointSelector, subject);
    });

const rules = z.array(z.looseObject({ action: z.string() })).nullish();
const adminSpec = z.looseObject({
  tier: z.string().optional(),
  subject: z.looseObject({
    namespaces: z.unknown().optional(),
    pods: z.looseObject({ namespaceSelector: z.unknown().optional(), podSelector: z.unknown().optional() }).optional(),
  }),
  ingress: rules,
  egress: rules,
});

const admin: OtherPolicy['mayAllow'] = (policy, { labels, namespaceLabels }) => {
  const read = adminSpec.safeParse(policy.spec);
  if (!read.success) return true;
  const { tier, subject, ingress, egress } = read.data;
  // A NetworkPolicy comes before the tier Baseline.
  if (tier === 'Baseline') return false;
  const allows = [...(ingress ?? []), ...(egress ?? [])].some(({ action }) => !['Deny', 'Pass'].includes(action));
  if (!allows) return false;
  return subject.pods === undefined
    ? selectorMatches(subject.namespaces, namespaceLabels)
    : selectorMatches(subject.pods.namespaceSelector, namespaceLabels) &&
        selectorMatches(subject.pods.podSelector, labels);
};

const fqdnSpec = z.looseObject({ podSelector: z.unknown().optional(), egress: z.array(z.unknown()).nullish() });

const fqdn: OtherPolicy['mayAllow'] = (policy, { labels }) => {
  const read = fqdnSpec.safeParse(policy.spec);
  if (!read.success) return true;
  return (read.data.egress ?? []).length > 0 && selectorMatches(read.data.podSelector, labels);
};

const calicoSpec = z.looseObject({
  selector: z.string().default(''),
  namespaceSelector: z.string().default(''),
  ingress: rules,
  egress: rules,
});

const calico: OtherPolicy['mayAllow'] = (policy, { labels, namespaceLabels }) => {
  const read = calicoSpec.safeParse(policy.spec);
  if (!read.success) return true;
  const { selector, namespaceSelector, ingress, egress } = read.data;
  const allows = [...(ingress ?? []), ...(egress ?? [])].some(({ action }) => action === 'Allow');
  return allows && mayMatchCalico(selector, labels) && mayMatchCalico(namespaceSelector, namespaceLabels);
};

const of = (
  [group, version]: readonly [string, string],
  [kind, resource]: readonly [string, string],
  namespaced: boolean,
  mayAllow: OtherPolicy['mayAllow'],
  called = kind,
): OtherPolicy => ({ apiVersion: `${group}/${version}`, kind, group, resource, called, namespaced, mayAllow });

const CILIUM = ['cilium.io', 'v2'] as const;
const CALICO = ['crd.projectcalico.org', 'v1'] as const;
const ADMIN = 'policy.networking.k8s.io';

/**
 * The kinds of policies beside NetworkPolicy that a cluster may have. Cilium, which is behind Dataplane V2, and Calico
 * take all policies together, so that one that allows is enough; an admin policy decides before any NetworkPolicy.
 */
export const OTHER_POLICIES: readonly OtherPolicy[] = [
  of(CILIUM, ['CiliumNetworkPolicy', 'ciliumnetworkpolicies'], true, cilium),
  of(CILIUM, ['CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies'], false, cilium),
  of([ADMIN, 'v1alpha1'], ['AdminNetworkPolicy', 'adminnetworkpolicies'], false, admin),
  of([ADMIN, 'v1alpha2'], ['ClusterNetworkPolicy', 'clusternetworkpolicies'], false, admin),
  of(['networking.gke.io', 'v1alpha1'], ['FQDNNetworkPolicy', 'fqdnnetworkpolicies'], true, fqdn),
  of(CALICO, ['NetworkPolicy', 'networkpolicies'], true, calico, "Calico's NetworkPolicy"),
  of(CALICO, ['GlobalNetworkPolicy', 'globalnetworkpolicies'], false, calico, "Calico's GlobalNetworkPolicy"),
];
