import { type CallSignal, type Calls, filterOf, fits } from './calls.ts';
import { changesNothing, isRehearsal } from './changes-nothing.ts';
import type { AuditRule, RuleFacts, Sighting } from './rule.ts';

/** A detection over some calls to a Kubernetes API; `match` is asked only about these, and not about failed ones. */
type CallRuleFacts = RuleFacts & {
  calls: readonly Calls[];
  /** A further condition that every entry of interest meets, as a fragment of a Cloud Logging filter. */
  narrowed?: string;
  /**
   * Also a write that sets no field counts: what the rule sees convicts whoever wrote it, or a write that only takes
   * something away is just as bad.
   */
  evident?: true;
  /** Also a call that failed counts, as an attempt. */
  evenFailed?: true;
  match(signal: CallSignal): Sighting | undefined;
};

/**
 * Makes the audit rule from these facts. `calls` determines both the filter and the calls that the rule is asked about.
 */
export const callRule = ({ calls, match, narrowed, evident, evenFailed, ...facts }: CallRuleFacts): AuditRule => ({
  ...facts,
  reads: 'audit',
  calls,
  // A getter, because a detector never reads the filter and starts faster without computing it.
  get filter() {
    return narrowed === undefined ? filterOf(calls) : `(${filterOf(calls)}) AND (${narrowed})`;
  },
  match: (signal) => {
    if (!fits(calls, signal) || (evenFailed !== true && signal.outcome === 'failed')) return undefined;
    const seen = match(signal);
    // Asked last, since nearly every rule sees nothing.
    if (seen === undefined || isRehearsal(signal)) return undefined;
    return evident !== true && changesNothing(signal) ? undefined : seen;
  },
});
