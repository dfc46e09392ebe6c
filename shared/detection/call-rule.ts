import { type CallSignal, type Calls, filterOf, fits } from './calls.ts';
import type { AuditRule, RuleFacts, Sighting } from './rule.ts';

/** A detection over some calls to a Kubernetes API; `match` is asked about these alone. */
export type CallRuleFacts = RuleFacts & {
  calls: readonly Calls[];
  /** What else every entry fulfils that it makes something of, as a fragment of a Cloud Logging filter. */
  narrowed?: string;
  match(signal: CallSignal): Sighting | undefined;
};

/** The rule of these facts: which entries it needs, and which calls it is asked about, follow from `calls`. */
export const callRule = ({ calls, match, narrowed, ...facts }: CallRuleFacts): AuditRule => ({
  ...facts,
  reads: 'audit',
  calls,
  // Worked out for whoever asks: a detector never does, and starts without.
  get filter() {
    return narrowed === undefined ? filterOf(calls) : `(${filterOf(calls)}) AND (${narrowed})`;
  },
  match: (signal) => (fits(calls, signal) ? match(signal) : undefined),
});
