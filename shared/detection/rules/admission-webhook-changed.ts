import { at, records, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, CHANGES, REMOVALS } from '../calls.ts';
import { shownCaller, shownObject } from '../claim.ts';

const group = (...names: string[]): string[] => names.map((name) => `admissionregistration.k8s.io/${name}`);
const WEBHOOKS = group('mutatingwebhookconfigurations', 'validatingwebhookconfigurations');
const POLICIES = group(
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
);

/** Somebody changed what checks every change of the cluster: its admission webhooks or policies. */
export const admissionWebhookChanged = callRule({
  id: 'admission-webhook-changed',
  title: 'Admission webhook or policy changed',
  sees: 'An admission webhook that is created or changed (medium), gets an address outside of the cluster, or is deleted (high); or an admission policy that is deleted (high). Programs that renew the certificates of their own webhooks are exempt.',
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
    { resources: WEBHOOKS, verbs: CHANGES },
    { resources: POLICIES, verbs: REMOVALS },
  ],
  example: 'kubectl delete validatingwebhookconfiguration policy',
  match: (signal) => {
    if (signal.outcome === 'failed') return undefined;
    const may = signal.outcome === 'ok' ? 'was allowed to' : 'tried to';
    const outside = hostsOf(signal);
    const removed = signal.call.verb.startsWith('delete');
    return {
      because: [
        `${shownCaller(signal)} ${may} ${signal.call.verb} ${shownObject(signal)}`,
        ...outside.map((url) => `it sends the objects that it sees to ${quote(url, 253)}, outside of the cluster`),
      ],
      severity: removed || outside.length > 0 ? 'high' : 'medium',
    };
  },
});

/** URLs of webhooks outside the cluster: a webhook has either a URL or a Service. */
const hostsOf = ({ request, response }: CallSignal): string[] =>
  [
    ...new Set(
      [request, response]
        .flatMap((body) => records(body?.webhooks))
        .flatMap((webhook) => text(at(webhook, 'clientConfig', 'url')) ?? []),
    ),
  ].slice(0, 3);
