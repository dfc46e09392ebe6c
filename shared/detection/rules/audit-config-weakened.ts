import { records, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** A change that makes audit logs record less than before. */
export const auditConfigWeakened = adminRule({
  id: 'audit-config-weakened',
  title: 'Audit logging weakened',
  sees: 'A change of an access policy that turns off audit logs of a service, or exempts somebody from them.',
  why: 'An attacker who plans to read secrets first turns off the log of reads.',
  technique: [{ id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' }],
  severity: 'high',
  confidence: 0.85,
  family: 'identity',
  falsePositives: ['Saving on log costs'],
  services: ['cloudresourcemanager.googleapis.com'],
  methods: 'SetIamPolicy',
  example: 'gcloud projects set-iam-policy p1, without the auditConfigs that were in it',
  match: (signal) => {
    const weaker = records(signal.policyDelta?.auditConfigDeltas).flatMap((delta) => {
      const member = text(delta.exemptedMember);
      const what = `${quote(text(delta.logType) ?? 'logs', 40)} of ${quote(text(delta.service) ?? 'a service', 100)}`;
      if (delta.action === 'REMOVE' && member === undefined) return [`turned off ${what}`];
      return delta.action === 'ADD' && member !== undefined ? [`exempted ${quote(member)} from ${what}`] : [];
    });
    return weaker.length === 0
      ? undefined
      : { because: weaker.slice(0, 5).map((sentence) => `${shownCaller(signal)} ${sentence}`) };
  },
});
