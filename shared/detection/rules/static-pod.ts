import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { podMarksOf, podSpecOf } from '../../kubernetes/pod-spec.ts';
import { callRule } from '../call-rule.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { isPlatformImage } from '../written-pods.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const SOURCE = 'kubernetes.io/config.source';

/** A node reports a pod that it runs from its own disk. */
export const staticPod = callRule({
  id: 'static-pod',
  title: 'Static pod that is not of the platform',
  sees: "A mirror pod created by a node for a pod that it runs from a file: any such pod outside of the namespaces of Kubernetes and GKE, and one within them whose images are not the platform's.",
  why: 'Whoever can write to the disk of a node can start pods that bypass admission, and that come back when they are deleted.',
  technique: [
    { id: 'T1610', name: 'Deploy Container' },
    { id: 'T1543.005', name: 'Create or Modify System Process: Container Service' },
  ],
  severity: 'medium',
  confidence: 0.55,
  family: 'spec',
  falsePositives: ['Nodes with your own static pods'],
  calls: [{ resources: ['core/pods'], verbs: ['create'], expected: 'everywhere' }],
  example: 'a manifest in /etc/kubernetes/manifests of a node',
  match: (signal) => {
    const { call, principal = '', request, response } = signal;
    if (!principal.startsWith('system:node:')) return undefined;
    const marks = [request, response].map((body) => podMarksOf('Pod', body, 'kubernetes.io/config'));
    if (!marks.some((one) => one.get(MIRROR) !== undefined || one.get(SOURCE) === 'file')) return undefined;
    const runs = podSpecOf('Pod', request) ?? podSpecOf('Pod', response);
    const foreign = runs?.containers.some(({ image }) => !isPlatformImage(image)) === true;
    if (isSystemNamespace(call.namespace ?? '') && !foreign) return undefined;
    return {
      ...aboutCall(signal),
      because: [`${shownCaller(signal)} reports ${shownObject(signal)}, which it runs from its own disk`],
    };
  },
});
