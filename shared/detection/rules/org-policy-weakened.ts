import { at, record, records, text } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** For service accounts: infrastructure code makes exceptions with them. */
const BY_AUTOMATION = 0.35;

/** Somebody lifted a limit that the organization sets for the project. */
export const orgPolicyWeakened = adminRule({
  id: 'org-policy-weakened',
  title: 'Organization or deny policy weakened',
  sees: `An organization policy that is deleted or reset, or written so that it enforces nothing or allows everything; and a deny policy of IAM that is deleted. ${BY_AUTOMATION} by a service account.`,
  why: 'These policies forbid keys of service accounts, outside members and public addresses. Attackers with enough rights lift them first.',
  technique: [{ id: 'T1562', name: 'Impair Defenses' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'identity',
  falsePositives: ['Exceptions that were agreed on', 'Infrastructure code'],
  services: ['orgpolicy.googleapis.com', 'cloudresourcemanager.googleapis.com', 'iam.googleapis.com'],
  methods: '(Create|Update|Delete)Policy|(Set|Clear)OrgPolicy(V1)?',
  example: 'gcloud org-policies delete iam.disableServiceAccountKeyCreation --project=p1',
  match: (signal) => {
    const how = weakenedBy(signal);
    if (how === undefined) return undefined;
    const policy = at(signal.request, 'policy');
    const name = text(at(policy, 'name')) ?? text(at(policy, 'constraint')) ?? text(signal.request?.constraint);
    return {
      because: [
        `${shownCaller(signal)} ${how} the ${signal.service === 'iam.googleapis.com' ? 'deny' : 'organization'} policy ${quote(name ?? signal.resourceName ?? '', 200)}`,
      ],
      ...(signal.principalClass === 'automation' ? { confidence: BY_AUTOMATION } : {}),
    };
  },
});

const weakenedBy = (signal: AuditSignal): string | undefined => {
  if (/^(?:delete|clear)/.test(verbOf(signal))) return 'deleted';
  const policy = record(at(signal.request, 'policy'));
  if (policy === undefined) return undefined;
  const spec = record(policy.spec);
  if (spec?.reset === true || policy.restoreDefault !== undefined) return 'reset';
  const rules = records(spec?.rules);
  const [old, list] = [record(policy.booleanPolicy), record(policy.listPolicy)];
  if (rules.some(({ enforce }) => enforce === false) || (old !== undefined && old.enforced !== true))
    return 'stopped enforcing';
  const allows = rules.some(({ allowAll }) => allowAll === true) || list?.allValues === 'ALLOW';
  return allows ? 'allowed everything in' : undefined;
};
