/** What a rule cannot see in a signal: what those who run this deployment know of it. */
export type Known = {
  /** The principals that Firebreak's own functions act as, in lower case. */
  identities: ReadonlySet<string>;
  /** The domains that the people of this deployment have their accounts in; empty: not known. */
  domains: readonly string[];
  /** The list on which an address stands, by its name; undefined for one on none. */
  listOf(callerIp: string): string | undefined;
};

/** Where nobody has said anything. */
export const NOTHING_KNOWN: Known = { identities: new Set(), domains: [], listOf: () => undefined };
