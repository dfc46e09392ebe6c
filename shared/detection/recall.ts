import { hash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { AuditSignal } from '../model/signal.ts';
import { msOf, type Time } from '../model/time.ts';
import { seenInCall } from './evaluate.ts';
import { isHeartbeat } from './heartbeat.ts';
import { type History, NO_HISTORY } from './history.ts';
import { HISTORY_RULES } from './registry-history.ts';
import type { HistoryRule } from './rule.ts';

/**
 * The name of the history that a rule keeps of a signal's subject, fit for the id of a document; undefined where the
 * signal does not concern the rule. Foreign words are in the name only as a hash.
 */
export const historyNameOf = (rule: HistoryRule, signal: AuditSignal): string | undefined => {
  const subject = isHeartbeat(signal) ? undefined : rule.subjectOf(signal);
  if (subject === undefined) return undefined;
  return `history-${rule.id}-${hashOf(wordsOf(signal, subject))}`;
};

/** Identifies the cluster or project of a signal, more cheaply than a hashed name. */
export const placeKeyOf = ({ place: { project, location = '', cluster = '' } }: AuditSignal): string =>
  `${project} ${location} ${cluster}`;

/**
 * The name of the record of when a rule first looked at a signal's cluster or project, fit for the id of a document.
 */
export const beginningNameOf = (rule: HistoryRule, signal: AuditSignal): string =>
  `begun-${rule.id}-${hashOf(placeOf(signal))}`;

const wordsOf = (signal: AuditSignal, subject: readonly string[]): string[] => [...placeOf(signal), ...subject];

const placeOf = ({ place: { project, location = '', cluster = '' } }: AuditSignal): string[] => [
  project,
  location,
  cluster,
];

const hashOf = (words: readonly string[]): string => hash('sha256', JSON.stringify(words)).slice(0, 32);

/**
 * What a rule sees in a signal given its history, and the history afterwards: the same object, where nothing is new. A
 * rule that reports novelty stays silent until its memory, which began at `begun`, is as old as its window: before
 * that, everyday events would be new to it. Without `begun` the memory counts as old.
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

/** The most histories that one process keeps; beyond that, the one created first is dropped. */
const MAX_HISTORIES = 50_000;

/** Longer keys are replaced by a hash. */
const MAX_WORDS = 256;

/**
 * A key for the histories of one process, cheaper than their names. Each word stands after its length, so that no two
 * subjects share a key.
 */
const keyOf = (rule: HistoryRule, words: readonly string[]): string => {
  let key = rule.id;
  for (const word of words) key += ` ${word.length} ${word}`;
  return key.length > MAX_WORDS ? `${rule.id} ${hashOf(words)}` : key;
};

/**
 * Returns a function with a memory of its own: what the remembering rules see in signals given one after the other. The
 * memory of a cluster or project begins with its first signal, of whatever kind, unless `begun` says that it is older.
 */
export const makeRecall = (
  rules: readonly HistoryRule[] = HISTORY_RULES,
  begun?: Time,
): ((signal: AuditSignal) => Finding[]) => {
  const histories = new Map<string, History>();
  const beginnings = new Map<string, Time>();
  const begunOf = (signal: AuditSignal): Time => {
    const key = placeKeyOf(signal);
    const known = beginnings.get(key);
    if (known !== undefined) return known;
    const first = begun ?? signal.at;
    beginnings.set(key, first);
    return first;
  };
  return (signal) => {
    const seen: Finding[] = [];
    const since = begunOf(signal);
    if (isHeartbeat(signal)) return seen;
    for (const rule of rules) {
      const subject = rule.subjectOf(signal);
      if (subject === undefined) continue;
      const key = keyOf(rule, wordsOf(signal, subject));
      const known = histories.get(key);
      const { findings, history } = recallBy(rule, signal, known ?? NO_HISTORY, since);
      if (history !== known) histories.set(key, history);
      if (histories.size > MAX_HISTORIES) {
        const [oldest] = histories.keys();
        if (oldest !== undefined) histories.delete(oldest);
      }
      seen.push(...findings);
    }
    return seen;
  };
};
