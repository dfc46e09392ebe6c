import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import type { CallSignal } from '../calls.ts';
import { shownCall } from '../claim.ts';
import type { Claim } from '../rule.ts';

const VERBS = ['get', 'create', 'update', 'patch', 'delete'];
/** The name of a pod or Service in such a call, between the protocol and the port. */
const NAMED = /^(?:https?:)?([^:]+)(?::[^:]*)?$/;

/** Somebody spoke with a program in the cluster through the API server. */
export const podProxy = callRule({
  id: 'pod-proxy',
  title: 'Pod or Service reached through the API server',
  sees: 'A call that the API server forwards to a pod (pods/proxy) or a Service (services/proxy). Reads need the Data Access log.',
  why: 'It reaches every port in the cluster from outside, past firewalls, and the program sees the API server as the caller. Dashboards and databases that nobody else can reach are reached like this.',
  technique: [{ id: 'T1090', name: 'Proxy' }],
  severity: 'low',
  confidence: 0.4,
  // Somebody is at work on the running pod, as with a forwarded port.
  family: 'exec',
  falsePositives: ['kubectl proxy to a dashboard', 'Consoles that show many clusters'],
  calls: [{ resources: ['core/pods/proxy', 'core/services/proxy'], verbs: VERBS }],
  example: 'kubectl get --raw /api/v1/namespaces/shop/pods/cart-7d9f:8080/proxy/debug/vars',
  match: (signal) => {
    const { verb, rest = '' } = signal.call;
    return { ...aboutPod(signal), because: [shownCall(signal, `${verb} ${quote(`/${rest}`, 200)} of`)] };
  },
});

const aboutPod = ({ call: { resource, namespace, name = '' } }: CallSignal): { on?: Claim } => {
  const pod = resource === 'pods' ? NAMED.exec(name)?.[1] : undefined;
  return pod === undefined || namespace === undefined ? {} : { on: { namespace, pod } };
};
