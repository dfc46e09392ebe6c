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
 * The terms of a filter that is a list of terms with OR between them; any other filter is one term. OR binds tighter
 * than AND.
 */
const termsOf = (filter: string): string[] => {
  const terms: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { 0: token, index } of filter.matchAll(TOKEN)) {
    const word = token.trim();
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    else if (depth > 0 || word.startsWith('"')) continue;
    else if (word !== 'OR') return [filter];
    else {
      terms.push(filter.slice(start, index));
      start = index + token.length;
    }
  }
  return [...terms, filter.slice(start)];
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
  return new Map([...needs].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
