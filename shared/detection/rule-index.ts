import { resourceOf } from '../kubernetes/call.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import { toldOfText } from '../told-of-text.ts';
import type { AuditRule, Rule } from './rule.ts';

type Key = { verb: string; resource: string };

/** The rules over one resource by verb; `group` and `subresource` tell it from others of its name. */
type Indexed = { group: string; subresource: string | undefined; byVerb: Map<string, readonly AuditRule[]> };

const keysOf = ({ calls }: AuditRule): Key[] | undefined =>
  calls?.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb): Key => ({ verb, resource }))),
  );

/** Finds the rules over audit entries that a signal may concern, in the order of `rules`; most entries concern few. */
export const indexOf = (
  rules: readonly Rule[],
): ((signal: Pick<AuditSignal, 'call' | 'service'>) => readonly AuditRule[]) => {
  const audit = rules
    .filter((rule): rule is AuditRule => rule.reads === 'audit')
    .map((rule) => ({ rule, keys: keysOf(rule) }));
  const rulesOf = (key?: Key): AuditRule[] =>
    audit
      .filter(({ keys }) => keys?.some((one) => one.verb === key?.verb && one.resource === key.resource) ?? true)
      .map(({ rule }) => rule);
  const byName = new Map<string, Indexed[]>();
  for (const key of audit.flatMap(({ keys = [] }) => keys)) {
    const [group = '', name = '', subresource] = key.resource.split('/');
    const named = byName.get(name) ?? [];
    const known = named.find((one) => one.group === group && one.subresource === subresource);
    const { byVerb } = known ?? { byVerb: new Map<string, readonly AuditRule[]>() };
    if (!byVerb.has(key.verb)) byVerb.set(key.verb, rulesOf(key));
    if (known === undefined) named.push({ group, subresource, byVerb });
    byName.set(name, named);
  }
  const ofAnyCall = rulesOf();
  const ofOtherApis = audit.filter(({ keys }) => keys === undefined || keys.length === 0).map(({ rule }) => rule);

  // By its parts, since to put them together takes longer than to look them up.
  const ofCall = ({ group, resource, subresource, verb }: ApiCall): readonly AuditRule[] => {
    for (const one of byName.get(resource) ?? NONE)
      if (one.group === group && one.subresource === subresource) return one.byVerb.get(verb) ?? ofAnyCall;
    return ofAnyCall;
  };
  const ofService = toldOfText((service) =>
    // Entries that were cut out by hand leave it out.
    service === '' ? ofOtherApis : ofOtherApis.filter(({ services }) => services?.includes(service) ?? true),
  );
  return ({ call, service }) => (call === undefined ? ofService(service) : ofCall(isWhole(call) ? call : apart(call)));
};

const NONE: readonly Indexed[] = [];

/** Whether nothing that was written as one part, as an audit log's own words for a resource may be, is several. */
const isWhole = ({ group, resource }: ApiCall): boolean => !resource.includes('/') && !group.includes('/');

/** The same resource in its parts. */
const apart = (call: ApiCall): ApiCall => {
  const [group = '', resource = '', ...more] = resourceOf(call).split('/');
  return { ...call, group, resource, subresource: more.length === 0 ? undefined : more.join('/') };
};
