import { record } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';
import { objectNameOf } from '../object-names.ts';

/** Groups of Kubernetes itself, of which another server may be meant to serve only the metrics. */
const OF_KUBERNETES = /^(?:[a-z]*|(?!(?:[a-z]+\.)?metrics\.)[a-z.]+\.k8s\.io)$/;

/** Somebody put a server of their own between everybody and the API of the cluster. */
export const apiServiceChanged = callRule({
  id: 'api-service-changed',
  title: 'Group of the Kubernetes API taken over',
  sees: 'An APIService that is written so that a Service answers for a group of Kubernetes itself, metrics left out.',
  why: 'The API server passes every request of that group, with its body and the name of its caller, to that Service, and everybody believes the answers.',
  technique: [{ id: 'T1557', name: 'Adversary-in-the-Middle' }],
  severity: 'high',
  confidence: 0.8,
  family: 'rbac',
  falsePositives: ['None known: extensions serve groups of their own'],
  calls: [{ resources: ['apiregistration.k8s.io/apiservices'], verbs: WRITES }],
  example: 'kubectl patch apiservice v1.apps -p \'{"spec": {"service": {"namespace": "shop", "name": "cart"}}}\'',
  match: (signal) => {
    const name = objectNameOf(signal) ?? '';
    const group = name.slice(name.indexOf('.') + 1);
    if (!name.includes('.') || !OF_KUBERNETES.test(group)) return undefined;
    if (record(writtenAt(signal, 'spec', 'service')) === undefined) return undefined;
    const whose = group === '' ? 'the core group' : `the group ${quote(group, 253)}`;
    return {
      because: [shownDeed(signal, 'wrote', 'write'), `a Service answers for ${whose} now`],
    };
  },
});
