import { resourceOf } from '../kubernetes/call.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { AuditRule, Rule } from './rule.ts';

type Key = { verb: string; resource: string };

const keysOf = ({ calls }: AuditRule): Key[] | undefined =>
  calls?.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb): Key => ({ verb, resource }))),
  );

/** Finds the rules over audit entries that a signal may concern, in the order of `rules`; most entries concern few. */
export const indexOf = (rules: readonly Rule[]): ((signal: AuditSignal) => readonly AuditRule[]) => {
  const audit = rules
    .filter((rule): rule is AuditRule => rule.reads === 'audit')
    .map((rule) => ({ rule, keys: keysOf(rule) }));
  const rulesOf = (key?: Key): AuditRule[] =>
    audit
      .filter(({ keys }) => keys?.some((one) => one.verb === key?.verb && one.resource === key.resource) ?? true)
      .map(({ rule }) => rule);
  const byVerb = new Map<string, Map<string, AuditRule[]>>();
  for (const key of audit.flatMap(({ keys = [] }) => keys)) {
    const held = byVerb.get(key.verb) ?? new Map<string, AuditRule[]>();
    byVerb.set(key.verb, held.set(key.resource, held.get(key.resource) ?? rulesOf(key)));
  }
  const ofAnyCall = rulesOf();
  const ofOtherApis = audit.filter(({ keys }) => keys === undefined || keys.length === 0).map(({ rule }) => rule);
  return ({ call }) => (call === undefined ? ofOtherApis : (byVerb.get(call.verb)?.get(resourceOf(call)) ?? ofAnyCall));
};
