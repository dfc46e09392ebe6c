import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { AuditSignal } from '../model/signal.ts';
import { seenInCall } from './evaluate.ts';
import { type History, NO_HISTORY } from './history.ts';
import { HISTORY_RULES } from './registry-history.ts';
import type { HistoryRule } from './rule.ts';

/**
 * The name of the history that a rule keeps of a signal's subject, fit for the id of a document; undefined where the rule
 * has no business with it. Foreign words are in it as a hash alone.
 */
export const historyNameOf = (rule: HistoryRule, signal: AuditSignal): string | undefined => {
  const subject = rule.subjectOf(signal);
  if (subject === undefined) return undefined;
  const { project, location = '', cluster = '' } = signal.place;
  const hash = createHash('sha256').update(JSON.stringify([project, location, cluster, ...subject]));
  return `history-${rule.id}-${hash.digest('hex').slice(0, 32)}`;
};

/** What a rule sees in a signal with what it remembers, and what it remembers then: the same object, where nothing new. */
export const recallBy = (
  rule: HistoryRule,
  signal: AuditSignal,
  history: History,
): { findings: Finding[]; history: History } => {
  const recalled = rule.recall(signal, history);
  return { findings: seenInCall(rule, recalled.sighting, signal), history: recalled.history };
};

/** More subjects are not remembered at once in one process, the longest known first. */
const MAX_HISTORIES = 50_000;

const LASTING = HISTORY_RULES.filter(({ novelty }) => novelty !== true);

/**
 * A memory of its own, gone with it: what the rules that remember see in signals given one after the other. Rules that
 * see what is new are left out by default: all of it would be.
 */
export const makeRecall = (rules: readonly HistoryRule[] = LASTING): ((signal: AuditSignal) => Finding[]) => {
  const histories = new Map<string, History>();
  return (signal) =>
    rules.flatMap((rule) => {
      const name = historyNameOf(rule, signal);
      if (name === undefined) return [];
      const { findings, history } = recallBy(rule, signal, histories.get(name) ?? NO_HISTORY);
      histories.set(name, history);
      const [oldest] = histories.keys();
      if (histories.size > MAX_HISTORIES && oldest !== undefined) histories.delete(oldest);
      return findings;
    });
};
