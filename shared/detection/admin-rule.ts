import type { AuditSignal } from '../model/signal.ts';
import type { Known } from './known.ts';
import type { AuditRule, RuleFacts, Sighting } from './rule.ts';

/** A detection over some calls to Google Cloud's own APIs; `match` is asked only about these. */
type AdminRuleFacts = RuleFacts & {
  services: readonly string[];
  /**
   * A case-insensitive regular expression for the last words of the method, in the syntax that RE2 and JavaScript
   * share.
   */
  methods: string;
  /**
   * The rule also looks at the last entry of a long-running operation if that names its caller, since that entry tells
   * what was changed.
   */
  ends?: true;
  match(signal: AuditSignal, known: Known): Sighting | undefined;
};

/**
 * Makes the audit rule from these facts, over calls that succeeded or were refused. Of a long-running operation only
 * the first entry counts: the last one repeats it, mostly without request and caller. Findings are about the cluster or
 * the project that the entry names, so nothing ever acts on them.
 */
export const adminRule = ({ services, methods, ends, match, ...facts }: AdminRuleFacts): AuditRule => {
  const method = new RegExp(`(?:^|[.])(?:${methods})$`, 'i');
  return {
    ...facts,
    reads: 'audit',
    calls: [],
    services,
    filter: `${anyOf(services)} AND protoPayload.methodName=~"(?i)(^|[.])(${methods})$"`,
    match: (signal, _now, known) => {
      const { call, service, outcome } = signal;
      // Entries that somebody shortened by hand may have no service; the log itself always has one.
      const named = service === '' || services.includes(service);
      if (
        call !== undefined ||
        !named ||
        outcome === 'failed' ||
        !(begins(signal) || (ends === true && signal.principal !== undefined))
      )
        return undefined;
      return method.test(signal.method) ? match(signal, known) : undefined;
    },
  };
};

/** Whether an entry is not merely the end of a long-running operation, which repeats its beginning. */
export const begins = ({ operation }: Pick<AuditSignal, 'operation'>): boolean =>
  operation === undefined || operation.first || !operation.last;

const anyOf = (services: readonly string[]): string => {
  // In one order, so that rules over the same calls have the same filter.
  const names = services
    .toSorted()
    .map((name) => `"${name}"`)
    .join(' OR ');
  return `protoPayload.serviceName=${services.length === 1 ? names : `(${names})`}`;
};

/** The last word of a method, in lower case: `setiampolicy`. */
export const verbOf = ({ method }: AuditSignal): string => method.slice(method.lastIndexOf('.') + 1).toLowerCase();
