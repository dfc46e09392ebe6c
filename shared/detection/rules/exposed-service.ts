import { at, records, text, texts } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { isProgram } from '../../kubernetes/principals.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, UPDATES, WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';

const INTERNAL = ['networking.gke.io/load-balancer-type', 'cloud.google.com/load-balancer-type'];
const INTERNAL_CLASS = 'networking.gke.io/l4-regional-internal';
/** Of several controllers of GKE, only the beginning of their names is known. Nobody else gets a name like that. */
const OF_CONTROL_PLANE = /^system:(?!serviceaccount:|anonymous$|unauthenticated$)/;
const BY_BALANCER = 0.3;
const OPENED = { severity: 'low', confidence: 0.4 } as const;

/** A Service that can be reached from outside the cluster. */
export const exposedService = callRule({
  id: 'exposed-service',
  title: 'Service exposed outside the cluster',
  sees: 'A Service that is written with type NodePort, or with type LoadBalancer and without an annotation or class that makes it internal: low 0.40. One with externalIPs, or with an address of a load balancer that is written into its status by hand, which takes over the traffic of the cluster to these addresses: medium (0.30 by a service account, as load balancers that are programs write it).',
  why: 'An internal service now answers on every node, or on an address of its own.',
  technique: [
    { id: 'T1133', name: 'External Remote Services' },
    { id: 'T1557', name: 'Adversary-in-the-Middle' },
  ],
  severity: 'medium',
  confidence: 0.6,
  family: 'network',
  falsePositives: ['Services that are meant to be public', 'Ingress controllers'],
  calls: [
    { resources: ['core/services'], verbs: WRITES },
    { resources: ['core/services/status'], verbs: UPDATES },
  ],
  example: 'kubectl expose deployment cart --type=NodePort --port=80',
  evident: true,
  match: (signal) => {
    const taken = addressesOf(signal);
    const how = taken.length > 0 ? takes(taken) : opens(signal);
    if (how === undefined) return undefined;
    const because = [`${shownDeed(signal, 'wrote', 'write')}, ${how}`];
    if (taken.length === 0) return { because, ...OPENED };
    return { because, ...(isStatus(signal) && isProgram(signal) ? { confidence: BY_BALANCER } : {}) };
  },
});

const isStatus = ({ call }: CallSignal): boolean => call.subresource === 'status';

/**
 * Addresses of others that a Service claims (CVE-2020-8554). GKE refuses externalIPs unless the cluster was told not
 * to, but whoever may write the status can do the same with an address of a load balancer.
 */
const addressesOf = (signal: CallSignal): string[] => {
  if (!isStatus(signal)) return texts(writtenAt(signal, 'spec', 'externalIPs'));
  if (OF_CONTROL_PLANE.test(signal.principal ?? '') || signal.principalClass === 'system') return [];
  return records(writtenAt(signal, 'status', 'loadBalancer', 'ingress')).flatMap(({ ip }) => text(ip) ?? []);
};

const takes = (addresses: readonly string[]): string => {
  const shown = addresses.slice(0, 3).map((one) => quote(one, 45));
  return `which takes over the traffic of the cluster to ${shown.join(', ')}`;
};

const opens = (signal: CallSignal): string | undefined => {
  const { call, response } = signal;
  if (isStatus(signal)) return undefined;
  // A patch without a type leaves the type unchanged.
  const type =
    text(writtenAt(signal, 'spec', 'type')) ?? (call.verb === 'patch' ? undefined : text(at(response, 'spec', 'type')));
  if (type === 'NodePort') return 'which answers on a port of every node';
  return type === 'LoadBalancer' && !isInternal(signal) ? 'which gets an address of its own' : undefined;
};

/** Whether the load balancer is an internal one, by what was requested or by the whole object in the response. */
const isInternal = (signal: CallSignal): boolean =>
  [(...path: string[]) => writtenAt(signal, ...path), (...path: string[]) => at(signal.response, ...path)].some(
    (said) =>
      INTERNAL.some((key) => text(said('metadata', 'annotations', key))?.toLowerCase() === 'internal') ||
      said('spec', 'loadBalancerClass') === INTERNAL_CLASS,
  );
