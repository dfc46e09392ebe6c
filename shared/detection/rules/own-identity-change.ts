import { quote } from '../../text.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { NO_CHANGE_FILTER, ownChangeOf } from '../own-change.ts';
import type { AuditRule } from '../rule.ts';

/**
 * One of Firebreak's own identities changed something. The function decide drops findings that match Firebreak's own
 * journal.
 */
export const ownIdentityChange: AuditRule = {
  id: 'own-identity-change',
  reads: 'audit',
  title: 'Change by an identity of Firebreak',
  sees: 'A change, made or refused, by a principal that Firebreak itself runs as (FIREBREAK_IDENTITIES). decide drops each change that a journal records: same step, same object, same time. The remaining changes were not made by Firebreak.',
  why: 'Whoever can contain workloads can destroy them. These identities are worth stealing, and only this rule detects their misuse.',
  technique: [{ id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts' }],
  severity: 'critical',
  confidence: 0.95,
  family: 'identity',
  conclusive: true,
  falsePositives: ['Administrators who act as these identities to repair something'],
  filter: `protoPayload.authenticationInfo.principalEmail=~"^firebreak-" AND NOT (${NO_CHANGE_FILTER})`,
  example: 'kubectl delete deployment cart, with the token of firebreak-contain',
  match: (signal, _now, known) => {
    const change = ownChangeOf(signal, known);
    if (change === undefined) return undefined;
    const object = signal.call === undefined ? quote(signal.resourceName ?? '') : shownObject(signal);
    return {
      because: [`${shownCaller(signal)}, an identity of Firebreak: ${change.verb} ${change.resource} on ${object}`],
      change,
    };
  },
};
