import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { AuditSignal } from '../model/signal.ts';
import { msOf, type Time } from '../model/time.ts';
import { seenInCall } from './evaluate.ts';
import { isHeartbeat } from './heartbeat.ts';
import { type History, NO_HISTORY } from './history.ts';
import { HISTORY_RULES } from './registry-history.ts';
import type { HistoryRule } from './rule.ts';

/**
 * The name of the history that a rule keeps of a signal's subject, fit for the id of a document; undefined where the rule
 * has no business with it. Foreign words are in it as a hash alone.
 */
export const historyNameOf = (rule: HistoryRule, signal: AuditSignal): string | undefined => {
  const subject = isHeartbeat(signal) ? undefined : rule.subjectOf(signal);
  if (subject === undefined) return undefined;
  return `history-${rule.id}-${hashOf([...placeOf(signal), ...subject])}`;
};

/** The name of what tells since when a rule has looked at a signal's cluster or project, fit for the id of a document. */
export const beginningNameOf = (rule: HistoryRule, signal: AuditSignal): string =>
  `begun-${rule.id}-${hashOf(placeOf(signal))}`;

const placeOf = ({ place: { project, location = '', cluster = '' } }: AuditSignal): string[] => [
  project,
  location,
  cluster,
];

const hashOf = (words: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32);

/**
 * What a rule sees in a signal with what it remembers, and what it remembers then: the same object, where nothing new. A
 * rule that sees what is new is silent until its memory, which began at `begun`, is as old as its window: before that, what
 * happens every day would be new to it. Without `begun` the memory is old.
 */
export const recallBy = (
  rule: HistoryRule,
  signal: AuditSignal,
  history: History,
  begun?: Time,
): { findings: Finding[]; history: History } => {
  const { sighting, history: next } = rule.recall(signal, history);
  const learning = rule.novelty === true && begun !== undefined && msOf(signal.at) - msOf(begun) < rule.windowMs;
  return { findings: learning ? [] : seenInCall(rule, sighting, signal), history: next };
};

/** More subjects are not remembered at once in one process, the longest known first. */
const MAX_HISTORIES = 50_000;

/**
 * A memory of its own, gone with it: what the rules that remember see in signals given one after the other. It begins with
 * the first signal of a cluster or project, unless `begun` says that it is older.
 */
export const makeRecall = (
  rules: readonly HistoryRule[] = HISTORY_RULES,
  begun?: Time,
): ((signal: AuditSignal) => Finding[]) => {
  const histories = new Map<string, History>();
  const beginnings = new Map<string, Time>();
  const begunOf = (rule: HistoryRule, signal: AuditSignal): Time => {
    const name = beginningNameOf(rule, signal);
    const known = beginnings.get(name) ?? begun ?? signal.at;
    beginnings.set(name, known);
    return known;
  };
  return (signal) => {
    if (isHeartbeat(signal)) return [];
    return rules.flatMap((rule) => {
      const name = historyNameOf(rule, signal);
      if (name === undefined) return [];
      const known = histories.get(name) ?? NO_HISTORY;
      const since = rule.novelty === true ? begunOf(rule, signal) : undefined;
      const { findings, history } = recallBy(rule, signal, known, since);
      histories.set(name, history);
      const [oldest] = histories.keys();
      if (histories.size > MAX_HISTORIES && oldest !== undefined) histories.delete(oldest);
      return findings;
    });
  };
};
