import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { mayOf, shownCaller } from '../claim.ts';
import { KUBELET_MONITORING } from '../kubelet-monitoring.ts';

/** A path by which the kubelet works in a container: its namespace and its pod. */
const IN_POD = /^(?:run|exec|attach|portForward)\/([^/]{1,63})\/([^/]{1,253})/i;

/** Somebody spoke with a kubelet through the API server. */
export const nodeProxy = callRule({
  id: 'node-proxy',
  title: 'Kubelet reached through the API server',
  sees: 'A call that the API server forwards to a kubelet (nodes/proxy), other than reads of metrics, health, statistics and settings. A command in a container is about that pod. Reads need the Data Access log.',
  why: 'A kubelet can run commands in every pod of its node, and neither admission nor the audit log sees them.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1613', name: 'Container and Resource Discovery' },
  ],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Monitoring that reads other paths'],
  calls: [{ resources: ['core/nodes/proxy'], verbs: ['get', 'create', 'update', 'patch', 'delete'] }],
  example: 'kubectl get --raw /api/v1/nodes/NODE/proxy/pods',
  match: (signal) => {
    const { verb, name = '', rest = '' } = signal.call;
    if (verb === 'get' && KUBELET_MONITORING.test(rest)) return undefined;
    const may = mayOf(signal);
    const [, namespace, pod] = IN_POD.exec(rest) ?? [];
    return {
      ...(namespace === undefined || pod === undefined ? {} : { on: { namespace, pod } }),
      because: [
        `${shownCaller(signal)} ${may} ${verb} ${quote(`/${rest}`, 200)} of the kubelet of node ${quote(name, 253)}`,
      ],
    };
  },
});
