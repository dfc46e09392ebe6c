import { at, records, text, texts } from '../kubernetes/loose.ts';
import type { AuditSignal } from '../model/signal.ts';
import { quote } from '../text.ts';
import { shownCaller } from './claim.ts';

/** A role that an access policy gives to somebody. */
export type Grant = { role: string; member: string };

/**
 * The roles that a change of a policy granted: by its delta or, where the entry has none, all grants of the new policy.
 */
export const grantsIn = (signal: AuditSignal): Grant[] => {
  if (signal.policyDelta !== undefined) return newGrantsIn(signal);
  return records(at(signal.request, 'policy', 'bindings')).flatMap((binding) =>
    texts(binding.members).map((member) => ({ role: text(binding.role) ?? '', member })),
  );
};

/**
 * The roles that a change of a policy granted, by its delta. Without one only the whole policy is known, and most of
 * its grants are old.
 */
export const newGrantsIn = (signal: AuditSignal): Grant[] => changedIn(signal, 'ADD');

/** The roles that a change of a policy took away; none where the entry has no delta. */
export const revokedIn = (signal: AuditSignal): Grant[] => changedIn(signal, 'REMOVE');

const changedIn = ({ policyDelta }: AuditSignal, action: 'ADD' | 'REMOVE'): Grant[] =>
  records(policyDelta?.bindingDeltas).flatMap((delta) =>
    delta.action === action ? [{ role: text(delta.role) ?? '', member: text(delta.member) ?? '' }] : [],
  );

/**
 * A sentence that says who gave which roles to whom, the first five of them. `resource`: where the entry names none.
 */
export const shownGrants = (signal: AuditSignal, grants: readonly Grant[], resource = ''): string => {
  const shown = grants.slice(0, 5).map(({ role, member }) => `${quote(role, 100)} to ${quote(member)}`);
  return `${shownCaller(signal)} gave ${shown.join(', ')} on ${quote(signal.resourceName ?? resource)}`;
};
