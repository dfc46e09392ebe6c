/** What a rule cannot see in a signal: facts that the operators of this deployment provide. */
export type Known = {
  /** The principals that Firebreak's own functions act as, in lower case. */
  identities: ReadonlySet<string>;
  /** The domains in which the people of this deployment have their accounts; empty if not known. */
  domains: readonly string[];
  /** The name of the list that contains an address; undefined where none does. */
  listOf(callerIp: string): string | undefined;
};

/** For a deployment whose operators provided nothing. */
export const NOTHING_KNOWN: Known = { identities: new Set(), domains: [], listOf: () => undefined };
