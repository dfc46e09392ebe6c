import { at, type Loose, records, text } from '../../kubernetes/loose.ts';
import { mergesOf, writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, CHANGES, REMOVALS, UPDATES } from '../calls.ts';
import { shownCall } from '../claim.ts';
import { inGroup, WEBHOOKS } from '../resources.ts';

const group = (...names: string[]): string[] => inGroup('admissionregistration.k8s.io', ...names);
const MUTATING = group('mutatingadmissionpolicies', 'mutatingadmissionpolicybindings');
const BINDINGS = group('validatingadmissionpolicybindings');
const VALIDATING = [...group('validatingadmissionpolicies'), ...BINDINGS];
/**
 * Policies of Kyverno and Gatekeeper for the whole cluster: both check by a webhook, which stays when they are deleted.
 */
const OF_CONTROLLERS = [
  'kyverno.io/clusterpolicies',
  ...inGroup('policies.kyverno.io', 'validatingpolicies', 'imagevalidatingpolicies', 'mutatingpolicies'),
  'templates.gatekeeper.sh/constrainttemplates',
];
/** The confidence for an operator that writes a webhook which runs in its own namespace: it renews the certificate. */
const AT_HOME = 0.4;

/** Somebody changed what checks every change of the cluster: its admission webhooks or policies. */
export const admissionWebhookChanged = callRule({
  id: 'admission-webhook-changed',
  title: 'Admission webhook or policy changed',
  sees: `An admission webhook or a mutating admission policy that is created or changed (medium), or a webhook that gets an address outside of the cluster (high); a webhook or admission policy that is deleted (high), a policy of Kyverno or a constraint template of Gatekeeper among them; and a binding of a validating policy that is patched so that it no longer denies (medium). A service account that changes webhooks of its own namespace counts ${AT_HOME}, and well-known programs that renew the certificates of their own webhooks are exempt.`,
  why: 'A webhook reads every secret that is written and may change every pod. Once a webhook or policy is deleted, what it rejected is admitted.',
  technique: [
    { id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' },
    { id: 'T1546', name: 'Event Triggered Execution' },
  ],
  severity: 'high',
  confidence: 0.6,
  family: 'rbac',
  falsePositives: ['Installation, upgrade and removal of operators'],
  calls: [
    { resources: [...WEBHOOKS, ...MUTATING], verbs: CHANGES },
    { resources: [...VALIDATING, ...OF_CONTROLLERS], verbs: REMOVALS },
    { resources: BINDINGS, verbs: ['patch'] },
  ],
  example: 'kubectl delete validatingwebhookconfiguration policy',
  evident: true,
  match: (signal) => {
    const { verb, resource } = signal.call;
    if (verb === 'patch' && BINDINGS.some((one) => one.endsWith(`/${resource}`)) && !stopsDenying(signal))
      return undefined;
    const outside = hostsOf(signal);
    const removed = verb.startsWith('delete');
    return {
      because: [
        shownCall(signal),
        ...outside.map((url) => `it sends the objects that it sees to ${quote(url, 253)}, outside of the cluster`),
      ],
      severity: removed || outside.length > 0 ? 'high' : 'medium',
      ...(isAtHome(signal) ? { confidence: AT_HOME } : {}),
    };
  },
});

/** URLs of webhooks outside the cluster: a webhook has either a URL or a Service. */
const hostsOf = (signal: CallSignal): string[] =>
  [...new Set(webhooksIn(signal).flatMap((webhook) => text(at(webhook, 'clientConfig', 'url')) ?? []))].slice(0, 3);

const webhooksIn = ({ request, response }: CallSignal): Loose[] =>
  [request, response, ...mergesOf(request)].flatMap((body) => records(body?.webhooks));

/** Whether a service account changes webhooks that all run in its own namespace. */
const isAtHome = (signal: CallSignal): boolean => {
  const { call, principal = '' } = signal;
  const homes = webhooksIn(signal).map((webhook) => text(at(webhook, 'clientConfig', 'service', 'namespace')));
  const [home] = homes.filter((one) => one !== undefined);
  if (!UPDATES.includes(call.verb) || home === undefined || !principal.startsWith(`system:serviceaccount:${home}:`))
    return false;
  // A patch may leave the address of a webhook out.
  return hostsOf(signal).length === 0 && homes.every((one) => one === undefined || one === home);
};

/** Whether a patch sets what the binding does with violations, and to deny them is not among it. */
const stopsDenying = (signal: CallSignal): boolean => {
  const actions = writtenAt(signal, 'spec', 'validationActions');
  return Array.isArray(actions) && !actions.includes('Deny');
};
