import { callRule } from '../call-rule.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { ATTACHES } from '../exec.ts';

/** Somebody tied their own terminal, or a port of their own machine, to a pod. */
export const attachOrPortForward = callRule({
  id: 'attach-or-port-forward',
  title: 'Attached to a pod, or a port forwarded',
  sees: 'An attach to a container, or a forwarding of a port to a pod. Over WebSocket such calls stand in the Data Access log alone.',
  why: 'A forwarded port reaches what no Service and no firewall lets through; an attached terminal types into a running program.',
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
    if (signal.outcome === 'failed') return undefined;
    const did = signal.call.subresource === 'attach' ? 'attach to' : 'forward a port to';
    const may = signal.outcome === 'ok' ? 'was let' : 'tried to';
    return { ...aboutCall(signal), because: [`${shownCaller(signal)} ${may} ${did} ${shownObject(signal)}`] };
  },
});
