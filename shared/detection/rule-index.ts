import { resourceOf } from '../kubernetes/call.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import { toldOfText } from '../told-of-text.ts';
import type { AuditRule, Rule } from './rule.ts';

/**
 * The rules over one resource, by verb. `group` and `subresource` distinguish it from other resources of the same name.
 */
type Indexed = { group: string; subresource: string | undefined; byVerb: Map<string, Asked[]> };

/**
 * A rule to ask about a signal. All of these objects have one shape, unlike rules, so that V8 calls `match` much
 * faster.
 */
export type Asked = { rule: AuditRule; match: AuditRule['match'] };

/**
 * Returns a function that finds the rules that an audit entry may concern, in the order of `rules`; most entries
 * concern few.
 */
export const indexOf = (
  rules: readonly Rule[],
): ((signal: Pick<AuditSignal, 'call' | 'service'>) => readonly Asked[]) => {
  const audit = rules
    .filter((rule): rule is AuditRule => rule.reads === 'audit')
    .map((rule): Asked => ({ rule, match: rule.match }));
  const ofAnyCall: Asked[] = [];
  const lists = [ofAnyCall];
  const byName = new Map<string, Indexed[]>();
  const listOf = (written: string, verb: string): Asked[] => {
    const [group = '', name = '', subresource] = written.split('/');
    const named = byName.get(name) ?? [];
    const known = named.find((one) => one.group === group && one.subresource === subresource);
    const { byVerb } = known ?? { byVerb: new Map<string, Asked[]>() };
    if (known === undefined) byName.set(name, [...named, { group, subresource, byVerb }]);
    const held = byVerb.get(verb);
    if (held !== undefined) return held;
    const list = [...ofAnyCall];
    byVerb.set(verb, list);
    lists.push(list);
    return list;
  };
  for (const asked of audit) {
    const { calls } = asked.rule;
    if (calls === undefined) for (const list of lists) list.push(asked);
    for (const { resources, verbs } of calls ?? [])
      for (const resource of resources)
        for (const verb of verbs) {
          const list = listOf(resource, verb);
          if (list.at(-1) !== asked) list.push(asked);
        }
  }
  const ofGroups = byName.get('*') ?? NONE;
  const ofOtherApis = audit.filter(({ rule: { calls } }) => calls === undefined || calls.length === 0);

  // Looked up by its parts, since joining them would take longer than the lookup.
  const ofCall = ({ group, resource, subresource, verb }: ApiCall): readonly Asked[] => {
    for (const one of byName.get(resource) ?? NONE)
      if (one.group === group && one.subresource === subresource) return one.byVerb.get(verb) ?? ofAnyCall;
    // A rule over every resource of a group names none of these.
    if (subresource !== undefined) return ofAnyCall;
    return ofGroups.find((one) => one.group === group)?.byVerb.get(verb) ?? ofAnyCall;
  };
  const ofService = toldOfText((service) =>
    // An entry that somebody shortened by hand may have no service.
    service === '' ? ofOtherApis : ofOtherApis.filter(({ rule: { services } }) => services?.includes(service) ?? true),
  );
  return ({ call, service }) => (call === undefined ? ofService(service) : ofCall(isWhole(call) ? call : apart(call)));
};

const NONE: readonly Indexed[] = [];

/**
 * Whether group and resource are single parts. An audit log's own words for a resource may put several parts into one.
 */
const isWhole = ({ group, resource }: ApiCall): boolean => !resource.includes('/') && !group.includes('/');

/** The same call with its resource split into parts. */
const apart = (call: ApiCall): ApiCall => {
  const [group = '', resource = '', ...more] = resourceOf(call).split('/');
  return { ...call, group, resource, subresource: more.length === 0 ? undefined : more.join('/') };
};
