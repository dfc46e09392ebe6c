import { callRule } from '../call-rule.ts';
import { aboutCall, shownCall } from '../claim.ts';
import { ATTACHES } from '../exec.ts';

/** Somebody tied their own terminal, or a port of their own machine, to a pod. */
export const attachOrPortForward = callRule({
  id: 'attach-or-port-forward',
  title: 'Attach or port-forward to a pod',
  sees: 'An attach to a container, or a port-forward to a pod. Over WebSocket, such calls are only in the Data Access log.',
  why: 'A forwarded port bypasses Services and firewalls. An attached terminal types into a running program.',
  technique: [
    { id: 'T1609', name: 'Container Administration Command' },
    { id: 'T1090', name: 'Proxy' },
  ],
  severity: 'low',
  confidence: 0.4,
  family: 'exec',
  falsePositives: ['Everyday work of developers'],
  calls: [...ATTACHES, { resources: ['core/pods/portforward'], verbs: ['create', 'get'] }],
  example: 'kubectl port-forward -n shop pod/cart-7d9f 5432',
  match: (signal) => {
    const did = signal.call.subresource === 'attach' ? 'attach to' : 'forward a port to';
    return { ...aboutCall(signal), because: [shownCall(signal, did)] };
  },
});
