import type { Tier } from '../model/ids.ts';
import type { Request } from '../model/request.ts';
import type { Identity } from '../ports.ts';
import type { Policy } from './policy.ts';
import { VERIFIED_BY_DEFAULT } from './policy-settings.ts';

/** Who asks. `email`: set only if an ID token proves it. `by`: the name for the record. */
export type Operator = { email: string | undefined; by: string };

type Demand = Request['action'] | Tier;

/** Whether only a verified operator may ask for this. `verifies`: whether identities can be verified at all. */
const demandsVerified = ({ operators }: Pick<Policy, 'operators'>, what: Demand, verifies: boolean): boolean => {
  const demanded: readonly Demand[] = operators.verified ?? (verifies ? VERIFIED_BY_DEFAULT : []);
  return demanded.includes(what) || operators.another.some((tier) => tier === what);
};

/** Whether the policy names a verified identity, by its address or by the domain that runs the account. */
export const isNamed = ({ operators }: Pick<Policy, 'operators'>, { email, domain }: Identity): boolean =>
  operators.emails.includes(email) || (domain !== undefined && operators.domains.includes(domain));

/** Why a verified identity is not an operator; undefined if it is one. */
export const strangerOf = (policy: Pick<Policy, 'operators'>, who: Identity): string | undefined => {
  const { emails, domains } = policy.operators;
  if ((emails.length === 0 && domains.length === 0) || isNamed(policy, who)) return undefined;
  const isPrivate = domains.some((domain) => who.email.endsWith(`@${domain}`));
  return isPrivate
    ? `${who.email} is not an operator: its domain does not run this account; sign in with one that it does, or have the address named in the policy`
    : `${who.email} is not an operator: the policy names neither this address nor its domain`;
};

/** Why this operator needs a proof of identity to ask for one of these; undefined if they may ask. */
export const lackOfProof = (
  policy: Pick<Policy, 'operators'>,
  { email }: Pick<Operator, 'email'>,
  what: readonly Demand[],
  verifies: boolean,
): string | undefined => {
  if (email !== undefined) return undefined;
  const demanded = what.find((one) => demandsVerified(policy, one, verifies));
  if (demanded === undefined) return undefined;
  return verifies
    ? `${demanded} needs a verified operator: send it with an ID token, as \`firebreak\` does with FIREBREAK_ID_TOKEN`
    : `${demanded} needs a verified operator, and this deployment verifies no identities: set FIREBREAK_OPERATOR_AUDIENCE`;
};

/** Whether a tier that one operator asks for needs the approval of another one. */
export const needsAnother = ({ operators }: Pick<Policy, 'operators'>, tier: Tier): boolean =>
  operators.another.includes(tier);
