import { at, text } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, WRITES } from '../calls.ts';
import { shownCaller, shownObject } from '../claim.ts';

const INTERNAL = ['networking.gke.io/load-balancer-type', 'cloud.google.com/load-balancer-type'];
const INTERNAL_CLASS = 'networking.gke.io/l4-regional-internal';

/** A Service that can be reached from outside the cluster. */
export const exposedService = callRule({
  id: 'exposed-service',
  title: 'Service exposed outside the cluster',
  sees: 'A Service that is written with type NodePort, or with type LoadBalancer and without an annotation or class that makes it internal.',
  why: 'An internal service now answers on every node, or on an address of its own.',
  technique: [{ id: 'T1133', name: 'External Remote Services' }],
  severity: 'low',
  confidence: 0.4,
  family: 'network',
  falsePositives: ['Services that are meant to be public', 'Ingress controllers'],
  calls: [{ resources: ['core/services'], verbs: WRITES }],
  example: 'kubectl expose deployment cart --type=NodePort --port=80',
  evident: true,
  match: (signal) => {
    const how = signal.outcome === 'failed' ? undefined : opens(signal);
    if (how === undefined) return undefined;
    const did = signal.outcome === 'ok' ? 'wrote' : 'tried to write';
    return { because: [`${shownCaller(signal)} ${did} ${shownObject(signal)}, ${how}`] };
  },
});

const opens = (signal: CallSignal): string | undefined => {
  const { call, response } = signal;
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
