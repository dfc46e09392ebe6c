import { resourceOf } from '../kubernetes/call.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { AuditRule, Rule } from './rule.ts';

const keyOf = (resource: string, verb: string): string => `${verb} ${resource}`;

const keysOf = ({ calls }: AuditRule): string[] | undefined =>
  calls?.flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => keyOf(resource, verb))));

/** Finds the rules over audit entries that a signal may concern, in the order of `rules`; most entries concern few. */
export const indexOf = (rules: readonly Rule[]): ((signal: AuditSignal) => readonly AuditRule[]) => {
  const audit = rules
    .filter((rule): rule is AuditRule => rule.reads === 'audit')
    .map((rule) => ({ rule, keys: keysOf(rule) }));
  const rulesOf = (key?: string): AuditRule[] =>
    audit.filter(({ keys }) => keys === undefined || (key !== undefined && keys.includes(key))).map(({ rule }) => rule);
  const byKey = new Map(audit.flatMap(({ keys = [] }) => keys).map((key) => [key, rulesOf(key)]));
  const ofAnyCall = rulesOf();
  const ofOtherApis = audit.filter(({ keys }) => keys === undefined || keys.length === 0).map(({ rule }) => rule);
  return ({ call }) =>
    call === undefined ? ofOtherApis : (byKey.get(keyOf(resourceOf(call), call.verb)) ?? ofAnyCall);
};
