import { isPrincipal } from '../kubernetes/names.ts';
import type { CpuOpened } from '../model/cpu-signal.ts';
import type { Finding } from '../model/finding.ts';
import { SEVERITIES, type Severity, severityRank } from '../model/ids.ts';
import type { AuditSignal, Signal } from '../model/signal.ts';
import { quote } from '../text.ts';
import { toldOnce } from '../told-once.ts';
import { findingOf, type Weighed } from './finding-of.ts';
import { isHeartbeat } from './heartbeat.ts';
import { type Known, NOTHING_KNOWN } from './known.ts';
import { RULES } from './registry.ts';
import type { AuditRule, CpuRule, HistoryRule, Rule, Sighting } from './rule.ts';
import { type Asked, indexOf } from './rule-index.ts';
import { seenInAlert } from './seen-in-alert.ts';
import { targetOf } from './target.ts';

const ATTEMPT = 0.1;
const PARTIAL = 0.6;

/**
 * What every rule sees in a signal, as findings; `now` is ms since the epoch. The same signal gives findings with the
 * same ids. A closed CPU incident gives none.
 */
export const evaluate = (
  signal: Signal,
  now: number,
  rules: readonly Rule[] = RULES,
  known: Known = NOTHING_KNOWN,
): Finding[] => {
  switch (signal.kind) {
    case 'audit':
      return isHeartbeat(signal) ? [] : seenByRules(indexFor(rules)(signal), signal, now, known);
    case 'cpu':
      return signal.state === 'open'
        ? rules.filter((rule) => rule.reads === 'cpu').flatMap((rule) => seenInUse(rule, signal))
        : [];
    // The log entries behind a match arrive as signals of their own.
    case 'log-match':
      return [];
    case 'threat':
      return seenInAlert(rules, signal);
  }
};

/** Nearly every rule sees nothing, so no list is allocated for each. */
const seenByRules = (rules: readonly Asked[], signal: AuditSignal, now: number, known: Known): Finding[] => {
  const seen: Finding[] = [];
  for (const { rule, match } of rules) {
    const sighting = match(signal, now, known);
    if (sighting !== undefined) seen.push(...seenInCall(rule, sighting, signal));
  }
  return seen;
};

const indexes = new WeakMap<readonly Rule[], ReturnType<typeof indexOf>>();

/** Keeps the index, because entry after entry is evaluated with the same rules. */
const indexFor = toldOnce((rules: readonly Rule[]): ReturnType<typeof indexOf> => {
  const known = indexes.get(rules);
  if (known !== undefined) return known;
  const made = indexOf(rules);
  indexes.set(rules, made);
  return made;
});

/** The finding for what a rule saw in a call; empty for no sighting. */
export const seenInCall = (
  rule: AuditRule | HistoryRule,
  sighting: Sighting | undefined,
  signal: AuditSignal,
): Finding[] => {
  if (sighting === undefined) return [];
  const { target, doubt } = targetOf(signal, sighting.on);
  const weighed = weigh(rule, sighting, signal);
  const { principal } = signal;
  const because = [...sighting.because, ...weighed.because];
  if (doubt !== undefined) because.push(doubt);
  because.push(...signal.doubts);
  const caller = callerSentence(signal);
  if (caller !== undefined) because.push(caller);
  weighed.because = because;
  const found = findingOf(rule, signal, target, weighed);
  if (principal !== undefined && isPrincipal(principal)) found.principal = principal;
  if (sighting.change !== undefined) found.change = sighting.change;
  return [found];
};

const seenInUse = (rule: CpuRule, signal: CpuOpened): Finding[] => {
  const sighting = rule.match(signal);
  if (sighting === undefined) return [];
  const { severity, confidence, conclusive = false } = rule;
  const because = [...sighting.because, ...signal.doubts];
  return [findingOf(rule, signal, signal.target, { severity, confidence, conclusive, ...sighting, because })];
};

/**
 * An attempt that did not succeed counts for less and is never conclusive. A part of a split entry has lower
 * confidence.
 */
const weigh = (rule: Rule, sighting: Sighting, signal: AuditSignal): Weighed => {
  const attempted = signal.outcome !== 'ok' && sighting.refusal !== true;
  const severity = sighting.severity ?? rule.severity;
  const confidence = (sighting.confidence ?? rule.confidence) - (attempted ? ATTEMPT : 0);
  return {
    severity: attempted ? lowered(severity) : severity,
    confidence: Math.round(Math.max(0, confidence) * (signal.partial ? PARTIAL : 1) * 1000) / 1000,
    conclusive: (sighting.conclusive ?? rule.conclusive ?? false) && !attempted,
    because:
      !attempted && !signal.partial
        ? []
        : [
            ...(attempted ? [attemptSentence(signal)] : []),
            ...(signal.partial ? ['the log entry was split because of its size: a part alone counts for less'] : []),
          ],
  };
};

const lowered = (severity: Severity): Severity => SEVERITIES[severityRank(severity) - 1] ?? 'low';

const attemptSentence = ({ outcome, status, authorization }: AuditSignal): string => {
  const by =
    outcome === 'failed'
      ? 'failed'
      : authorization?.decision === 'allow'
        ? 'was authorized, but refused by admission or quota'
        : 'was refused';
  const said = status.message === undefined ? '' : ` and the message ${quote(status.message)}`;
  return `only attempted: the call ${by}, with code ${status.code}${said}`;
};

const callerSentence = toldOnce(({ callerIp, userAgent }: AuditSignal): string | undefined => {
  if (callerIp === undefined) return undefined;
  return `called from ${quote(callerIp, 64)}${userAgent === undefined ? '' : ` with ${quote(userAgent, 120)}`}`;
});
