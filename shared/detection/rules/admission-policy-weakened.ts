import { at, record, records } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { isReviewed } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, REMOVALS, UPDATES, WRITES } from '../calls.ts';
import { shownCall } from '../claim.ts';

const CONSTRAINTS = 'constraints.gatekeeper.sh/*';
const KYVERNO = ['kyverno.io/clusterpolicies', 'kyverno.io/policies'];
const EXCEPTIONS = ['kyverno.io/policyexceptions', 'policies.kyverno.io/policyexceptions'];
/** For deployers and service accounts of Google Cloud, which apply what somebody reviewed. */
const BY_AUTOMATION = 0.35;

/** Somebody made a policy of Gatekeeper or Kyverno reject less. */
export const admissionPolicyWeakened = callRule({
  id: 'admission-policy-weakened',
  title: 'Admission policy weakened or excepted from',
  sees: `A constraint of Gatekeeper or a namespaced policy of Kyverno that is deleted; one that is changed so that it only reports; namespaces that Gatekeeper is told to leave out; and an exception of Kyverno. ${BY_AUTOMATION} by deployers and service accounts of Google Cloud.`,
  why: 'Privileged pods and foreign images that the policy rejected are admitted from now on, and the policy still looks as if it were there.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'rbac',
  falsePositives: ['Policies that are introduced step by step', 'Exceptions that were agreed on'],
  calls: [
    { resources: [CONSTRAINTS], verbs: [...REMOVALS, ...UPDATES] },
    { resources: ['kyverno.io/policies'], verbs: REMOVALS },
    { resources: KYVERNO, verbs: UPDATES },
    { resources: ['config.gatekeeper.sh/configs', ...EXCEPTIONS], verbs: WRITES },
  ],
  example:
    'kubectl patch k8spspprivilegedcontainer no-privileged --type=merge -p \'{"spec": {"enforcementAction": "dryrun"}}\'',
  match: (signal) => {
    const how = weakens(signal);
    if (how === undefined) return undefined;
    return {
      because: [`${shownCall(signal)}, ${how}`],
      ...(isReviewed(signal) ? { confidence: BY_AUTOMATION } : {}),
    };
  },
});

const weakens = (signal: CallSignal): string | undefined => {
  const { verb, resource } = signal.call;
  if (verb.startsWith('delete')) return 'which rejected what it forbids';
  if (resource === 'policyexceptions') return 'which lets objects past a policy';
  if (resource === 'configs') {
    const excluded = records(writtenAt(signal, 'spec', 'match')).some(({ excludedNamespaces }) =>
      isFilled(excludedNamespaces),
    );
    return excluded ? 'which leaves namespaces out' : undefined;
  }
  return onlyReports(signal) ? 'which only reports from now on' : undefined;
};

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

const REPORTS = /^(?:dryrun|warn|audit)$/i;
const onlyReports = (signal: CallSignal): boolean => {
  const rules = writtenAt(signal, 'spec', 'rules');
  const actions = [
    writtenAt(signal, 'spec', 'enforcementAction'),
    writtenAt(signal, 'spec', 'validationFailureAction'),
    ...(Array.isArray(rules) ? rules.map((rule) => at(record(rule), 'validate', 'failureAction')) : []),
  ];
  return actions.some((action) => typeof action === 'string' && REPORTS.test(action));
};
