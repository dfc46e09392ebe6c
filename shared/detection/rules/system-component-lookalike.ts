import { POD_END, REPLICA_SET_END } from '../../kubernetes/names.ts';
import { quote } from '../../text.ts';
import { objectNameOf } from '../object-names.ts';
import { podRule, sightingFor } from '../pod-rule.ts';
import { isPlatformImage } from '../written-pods.ts';

/** Names of a campaign that hid among the parts of the cluster. They are common words, so only as whole names. */
const COMMON = ['pause', 'proxy-api'];
/** What Kubernetes adds to the name of a workload for its pods. */
const OF_PODS = new RegExp(`^(?:${REPLICA_SET_END})?${POD_END}$`);
/** Parts of Kubernetes and GKE. */
const COMPONENTS = [
  'kube-proxy',
  'kube-dns',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'konnectivity-agent',
  'fluentbit-gke',
  'gke-metadata-server',
  'gke-metrics-agent',
  'pdcsi-node',
  'node-local-dns',
  'ip-masq-agent',
  'event-exporter-gke',
  'netd',
  'anetd',
  'metrics-server',
  'l7-default-backend',
];

/** A workload whose name imitates a part of the cluster. */
export const systemComponentLookalike = podRule({
  id: 'system-component-lookalike',
  title: 'Workload named like a system component',
  sees: 'A pod, or a pod template, whose name equals or begins with that of a component of Kubernetes or GKE, but whose image is not published by Google or the Kubernetes project.',
  why: 'Nobody looks twice at kube-proxy. Attackers have hidden miners in DaemonSets with such names.',
  technique: [{ id: 'T1036.005', name: 'Masquerading: Match Legitimate Resource Name or Location' }],
  severity: 'high',
  confidence: 0.75,
  family: 'spec',
  falsePositives: ['Images of the same components from your own registry'],
  example: 'kubectl create deployment kube-proxy --image=docker.io/someone/tool',
  look: ({ containers }, signal) => {
    // A debugger that is added to a component brings its own image, and the component keeps its name.
    if (signal.call.subresource !== undefined) return undefined;
    const name = objectNameOf(signal) ?? '';
    const component =
      COMPONENTS.find((one) => name.startsWith(one) && (name.length === one.length || name[one.length] === '-')) ??
      COMMON.find((one) => name === one || (name.startsWith(one) && OF_PODS.test(name.slice(one.length))));
    if (component === undefined) return undefined;
    const strange = containers.filter(({ image }) => image !== undefined && !isPlatformImage(image));
    return sightingFor(
      strange.map(({ image = '' }) => `it is named like ${component}, but its image is ${quote(image, 255)}`),
    );
  },
});
