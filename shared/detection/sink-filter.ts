import { Malformed } from '../errors.ts';
import type { Family } from '../model/ids.ts';
import { HEARTBEAT_FILTER } from './heartbeat.ts';
import type { AuditRule, HistoryRule, Rule } from './rule.ts';

/** Cloud Logging refuses a sink whose filter is longer. */
export const MAX_SINK_FILTER = 20_000;

type Options = {
  /**
   * Whether there are lists of addresses: a rule that compares addresses with them needs all entries from public ones.
   */
  lists?: boolean;
  /** Puts a comment above each line with the ids of the rules that need it. */
  explained?: boolean;
};

/**
 * The filter of the sink: every audit log entry that any of these rules could use, and no other. It leaves out renewals
 * of leases by machines, which no rule looks at. It never asks for a severity, since entries of GKE have none.
 *
 * @throws Malformed, with a sentence, where the filter is longer than Cloud Logging accepts.
 */
export const sinkFilter = (rules: readonly Rule[], { lists = false, explained = false }: Options = {}): string => {
  const lines = [...needsByFilter(rules, lists)].flatMap(([filter, ids], index) => [
    ...(explained ? [`  -- ${ids.join(', ')}`] : []),
    `  ${index === 0 ? '' : 'OR '}(${filter})`,
  ]);
  const text = [
    '(log_id("cloudaudit.googleapis.com/activity") OR log_id("cloudaudit.googleapis.com/data_access"))',
    `AND NOT (${HEARTBEAT_FILTER})`,
    'AND (',
    ...lines,
    ')',
  ].join('\n');
  if (text.length <= MAX_SINK_FILTER || explained) return text;
  throw new Malformed(
    `the filter of the sink has ${text.length} characters, and Cloud Logging takes ${MAX_SINK_FILTER}: shorten the filters of your own rules`,
  );
};

/**
 * The entries that a conclusive rule could use, except those of rules over pod specs and bindings: every deployment
 * writes such entries, and a throttled alert would report them in place of the one that matters.
 */
export const alertFilter = (rules: readonly Rule[]): string =>
  sinkFilter(rules.filter(({ conclusive, family }) => conclusive === true && !OF_DEPLOYMENTS.includes(family)));
const OF_DEPLOYMENTS: readonly Family[] = ['spec', 'rbac'];

const readsLog = (rule: Rule): rule is AuditRule | HistoryRule => rule.reads === 'audit' || rule.reads === 'history';

/**
 * The parts of a filter between words of one kind that stand outside of parentheses and texts; a line break is an AND.
 * `mixed`: whether it has words of the other kind there, too.
 */
const split = (filter: string, at: 'AND' | 'OR'): { parts: string[]; mixed: boolean } => {
  const parts: string[] = [];
  let [start, depth, mixed] = [0, 0, false];
  for (const { 0: token, index } of filter.matchAll(TOKEN)) {
    const word = token.trim();
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    else if (depth > 0 || word.startsWith('"')) continue;
    else if (at !== (word || 'AND')) mixed = true;
    else {
      parts.push(filter.slice(start, index));
      start = index + token.length;
    }
  }
  return { parts: [...parts, filter.slice(start)], mixed };
};

/**
 * The terms of a filter that is a list of terms with OR between them; any other filter is one term. OR binds tighter
 * than AND.
 */
const termsOf = (filter: string): string[] => {
  const { parts, mixed } = split(filter, 'OR');
  return mixed ? [filter] : parts;
};

/** What a term demands all at once. A comment could hold anything, so a term with one is a single demand. */
const demandsOf = (term: string): Set<string> => {
  const { parts } = term.includes('--') ? { parts: [term] } : split(term, 'AND');
  const [only = ''] = parts;
  const [, inner] = parts.length === 1 ? (/^\((.*)\)$/s.exec(only) ?? []) : [];
  // The first parenthesis and the last one are partners only if none between them closes more than it opens.
  return inner === undefined || !isClosed(inner) ? new Set(parts) : demandsOf(inner);
};

/** Whether no parenthesis closes one that was opened before the text. */
const isClosed = (text: string): boolean => {
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth < 0) return false;
  }
  return true;
};

/**
 * The terms without those that a wider one includes, since it demands less, or one before it that demands the same in
 * other parentheses. Their rules go to the widest.
 */
const withoutNarrower = (needs: ReadonlyMap<string, readonly string[]>): Map<string, string[]> => {
  const terms = [...needs].map(([term, ids], index) => ({ term, ids, index, demands: demandsOf(term) }));
  const kept = new Map<string, string[]>();
  for (const { term, ids, index, demands } of terms) {
    const [wider] = terms
      .filter((one) => one.demands.size < demands.size || (one.demands.size === demands.size && one.index < index))
      .filter((one) => [...one.demands].every((demand) => demands.has(demand)))
      .toSorted((a, b) => a.demands.size - b.demands.size);
    const into = wider?.term ?? term;
    kept.set(into, [...new Set([...(kept.get(into) ?? []), ...ids])]);
  }
  return kept;
};

/** What a text contains counts for nothing; a line break means AND. */
const TOKEN = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[()]|\s(?:AND|OR)\s|\n/g;

/**
 * The ids of the rules, by the terms that they need: many rules need the same calls, and a filter has little room.
 * Rules that people write may have no filter of their own.
 */
const needsByFilter = (rules: readonly Rule[], lists: boolean): Map<string, string[]> => {
  const needs = new Map<string, string[]>();
  for (const rule of rules.filter(readsLog)) {
    if (rule.filter === '' || (rule.needsLists === true && !lists)) continue;
    for (const term of termsOf(rule.filter)) needs.set(term, [...(needs.get(term) ?? []), rule.id]);
  }
  return new Map([...withoutNarrower(needs)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
