import { resourceOf } from '../kubernetes/call.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import { toldOfBoth } from '../told-once.ts';
import { ALLOWED_PAIRS, isAllowedPair, isNamed } from './allowed-pairs.ts';

/** A signal of a call to a Kubernetes API. */
export type CallSignal = AuditSignal & { call: ApiCall };

/**
 * A selection of calls. Calls that a principal makes as part of its job are left out, unless `expected` includes them.
 */
export type Calls = {
  /** As `resourceOf` writes them: `core/pods/exec`. `GROUP/*` is every resource of a group whose names nobody knows. */
  resources: readonly string[];
  verbs: readonly string[];
  /** Only in this namespace. */
  namespace?: string;
  /** Only objects of these names; `*` at the end stands for any rest. */
  names?: readonly string[];
  /** Includes expected pairs of principal and call: `everywhere`, or only outside namespaces of Kubernetes and GKE. */
  expected?: 'everywhere' | 'among-users';
};

export const UPDATES: readonly string[] = ['update', 'patch'];
export const WRITES: readonly string[] = ['create', ...UPDATES];
export const REMOVALS: readonly string[] = ['delete', 'deletecollection'];
export const CHANGES: readonly string[] = [...WRITES, ...REMOVALS];
/** Subresources that act in a pod, whatever the verb. */
export const ACTING: readonly string[] = ['exec', 'attach', 'portforward'];

/** Whether a signal is one of these calls. */
export const fits = (selection: readonly Calls[], signal: AuditSignal): signal is CallSignal =>
  isOneOfAll(selection, signal);

/**
 * Kept for the last pair asked about: a dozen rules select the same calls, and are asked about a signal one after the
 * other.
 */
const isOneOfAll = toldOfBoth((selection: readonly Calls[], signal: AuditSignal): boolean => {
  const { call } = signal;
  return call !== undefined && selection.some((calls) => isOneOf(calls, call, signal));
});

const isOneOf = (calls: Calls, call: ApiCall, signal: AuditSignal): boolean => {
  if (calls.namespace !== undefined && call.namespace !== calls.namespace) return false;
  if (calls.names !== undefined && !calls.names.some((pattern) => isNamed(pattern, call.name ?? ''))) return false;
  if (!calls.verbs.includes(call.verb) || !isNamedIn(calls.resources, call)) return false;
  if (calls.expected === 'everywhere') return true;
  if (calls.expected === 'among-users') return !isSystemNamespace(call.namespace ?? '') || !isAllowedPair(signal);
  return !isAllowedPair(signal);
};

const isNamedIn = (resources: readonly string[], call: ApiCall): boolean =>
  resources.includes(resourceOf(call)) ||
  (call.subresource === undefined && resources.some((one) => one.endsWith('/*') && one === `${call.group}/*`));

/** A pattern for the end of such a call's method: `[.](pods[.]exec|pods[.]attach)[.](create|get)$`. */
const methodPattern = ({ resources, verbs }: Pick<Calls, 'resources' | 'verbs'>): string => {
  // The group is left out: method names spell some groups differently from API paths.
  const words = resources.map((resource) => resource.split('/').slice(1).join('[.]'));
  return `[.]${oneOf(words)}[.]${oneOf(verbs)}$`;
};

/** An alternation of the words, in alphabetical order: `(a|b)`. */
const oneOf = (words: readonly string[]): string => {
  const [first = '', ...more] = [...new Set(words)].toSorted();
  return more.length === 0 ? first : `(${[first, ...more].join('|')})`;
};

/**
 * A fragment of a Cloud Logging filter that matches these calls and perhaps a few more. OR binds tighter than AND
 * there.
 */
export const filterOf = (selection: readonly Calls[]): string => {
  const [first = '', ...more] = [...new Set(selection.flatMap(fragmentsOf))];
  if (more.length === 0) return first;
  return [first, ...more].map((one) => (one.includes(' AND ') ? `(${one})` : one)).join(' OR ');
};

/** One fragment for all resources that have the same expected callers. */
const fragmentsOf = (calls: Calls): string[] => {
  const ofGroups = calls.resources.filter((one) => one.endsWith('/*')).map((one) => groupFragment(one, calls.verbs));
  const named = calls.resources.filter((one) => !one.endsWith('/*'));
  const groups = Map.groupBy(named, (resource) => expectedFilter(resource, calls));
  const fragments = [...groups].map(([expected, resources]) =>
    [`protoPayload.methodName=~"${methodPattern({ ...calls, resources })}"`, ...placeFilters(calls), expected]
      .filter((part) => part !== '')
      .join(' AND '),
  );
  return [...fragments, ...ofGroups];
};

/** Every resource of a group: its name is the beginning of the resource name. */
const groupFragment = (resource: string, verbs: readonly string[]): string =>
  `protoPayload.resourceName=~"^${literal(resource.slice(0, -1))}" AND protoPayload.methodName=~"[.]${oneOf(verbs)}$"`;

const placeFilters = ({ resources, namespace, names }: Calls): string[] => {
  if (namespace === undefined && names === undefined) return [];
  const where = namespace === undefined ? '' : `/namespaces/${literal(namespace)}`;
  if (names === undefined) return [`protoPayload.resourceName=~"${where}/"`];
  const kinds = oneOf(resources.map((resource) => resource.split('/')[1] ?? ''));
  return [`protoPayload.resourceName=~"${where}/${kinds}/${oneOf(names.map((name) => patternOf(name, '(/|$)')))}"`];
};

/**
 * Excludes the principals that make all of these calls as part of their job in any namespace; empty where there are
 * none.
 */
const expectedFilter = (resource: string, { verbs, expected }: Calls): string => {
  if (expected !== undefined) return '';
  const pairs = ALLOWED_PAIRS.filter((pair) => pair.resource === resource && pair.inSystemNamespaces === undefined);
  const principals = [...Map.groupBy(pairs, ({ principal }) => principal)].flatMap(([principal, own]) =>
    verbs.every((verb) => own.some((pair) => pair.verbs.includes(verb))) ? [patternOf(principal, '$')] : [],
  );
  if (principals.length === 0) return '';
  return `NOT protoPayload.authenticationInfo.principalEmail=~"^${oneOf(principals)}"`;
};

/** A pattern for a whole name followed by `end`, or for the beginning of a name where it ends in `*`. */
const patternOf = (name: string, end: string): string =>
  name.endsWith('*') ? literal(name.slice(0, -1)) : `${literal(name)}${end}`;

const literal = (text: string): string => text.replace(/[.*+?$(){}|]/g, '[$&]');
