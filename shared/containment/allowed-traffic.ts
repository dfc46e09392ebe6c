import { Malformed } from '../errors.ts';
import { once } from '../once.ts';
import { picked } from '../picked.ts';
import { labelsOf } from './image.ts';
import { orUnknown } from './or-unknown.ts';
import type { RbacRule, StepContext } from './step.ts';
import { OTHER_POLICIES, type OtherPolicy } from './verdicts/other-policies.ts';
import { policiesThatAllow } from './verdicts/policy-allows.ts';

const LIST = ['list'] as const;

/** The rights that `allowedTraffic` needs. */
export const ALLOWED_TRAFFIC_RBAC: readonly RbacRule[] = [
  { group: '', resource: 'namespaces', verbs: ['get'] },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: LIST },
  ...OTHER_POLICIES.map(({ group, resource }) => ({ group, resource, verbs: LIST })),
];

type Reads = Pick<StepContext, 'read'>;

type Labels = Readonly<Record<string, string>>;

const namespaceLabels = async ({ read }: Reads, namespace: string): Promise<Labels> => {
  const found = await read.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  return { ...(found === undefined ? {} : labelsOf(found)), 'kubernetes.io/metadata.name': namespace };
};

/** One kind's policies that may allow traffic, in a sentence; a kind that may not be read is a doubt of its own. */
const doubtOf = (
  { read }: Reads,
  of: OtherPolicy,
  pod: { labels: Labels; namespace: string; ofNamespace: () => Promise<Labels> },
): Promise<string[]> => {
  const { labels, namespace } = pod;
  const { apiVersion, kind, called } = of;
  return orUnknown(`a ${called} allows it traffic`, async () => {
    const names: string[] = [];
    const cut = await read.each({ apiVersion, kind, ...(of.namespaced ? { namespace } : {}) }, async (policies) => {
      if (policies.length === 0) return;
      const subject = { labels, namespace, namespaceLabels: await pod.ofNamespace() };
      names.push(...policies.filter((policy) => of.mayAllow(policy, subject)).map(({ metadata }) => metadata.name));
    });
    if (cut !== undefined) throw new Malformed(cut);
    return names.length === 0 ? [] : [`${called} ${names.join(', ')} may still allow it traffic`];
  });
};

/**
 * Why a pod with these labels may still have traffic although the quarantine policy selects it: a sentence for each
 * kind of policy that may allow some. Empty if there is none. Kinds that the cluster does not have are no doubt.
 */
export const allowedTraffic = async (
  context: Reads,
  namespace: string,
  labels: Record<string, string>,
): Promise<string[]> => {
  const policies = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace };
  const own = picked(context.read, policies, (policy) => policiesThatAllow([policy], labels));
  // Read only where there are such policies, and once for all kinds.
  const ofNamespace = once(() => namespaceLabels(context, namespace));
  const others = OTHER_POLICIES.map((of) => doubtOf(context, of, { labels, namespace, ofNamespace }));
  const [allowing, ...doubts] = await Promise.all([own, ...others]);
  return [
    ...(allowing.length > 0 ? [`NetworkPolicy ${allowing.join(', ')} still allows it traffic`] : []),
    ...doubts.flat(),
  ];
};
