import type { ApiCall } from '../model/signal.ts';
import { toldOnce } from '../told-once.ts';

const VERSION = /^v\d{1,3}((alpha|beta)\d{1,3})?$/;
const VERB = /^[a-z]{1,32}$/;

/** Subresources of a Namespace. Any other word after its name is a resource within it. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/** The resource of a call, as rules and the list of expected calls write it: `core/pods/exec`, `apps/deployments`. */
export const resourceOf = toldOnce(
  ({ group, resource, subresource }: ApiCall): string =>
    `${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
);

/**
 * The call that an audit entry names: the verb is the last word of `method` (`io.k8s.core.v1.pods.exec.create`), all
 * else comes from the resource name (`core/v1/namespaces/shop/pods/cart-0/exec`). Undefined where the call is on no
 * resource, such as `readyz`. Without a resource name, the call is read from the method as far as that goes.
 */
export const callOf = (resourceName: string | undefined, method: string): ApiCall | undefined => {
  const verb = verbOf(method);
  if (verb === undefined) return undefined;
  if (resourceName === undefined || resourceName === '') return callOfMethod(method, verb);
  const path = partsOf(resourceName);
  const [group, version] = path;
  if (group === undefined || group === '' || version === undefined || !isVersion(version)) return undefined;
  return fromPath(group, version, verb, path, 2);
};

const MAX_PARTS = 64;

/** The parts of a path between its slashes, at most MAX_PARTS. For so few parts this is faster than `split`. */
const partsOf = (path: string): string[] => {
  const parts: string[] = [];
  let start = 0;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', start)) {
    parts.push(path.slice(start, end));
    if (parts.length === MAX_PARTS) return parts;
    start = end + 1;
  }
  parts.push(path.slice(start));
  return parts;
};

const isVersion = (word: string): boolean => word === 'v1' || VERSION.test(word);

/** The verb: the last word of a method, in small letters. Trying the common verbs first is faster than the pattern. */
const verbOf = (method: string): string | undefined => {
  const word = method.slice(method.lastIndexOf('.') + 1);
  for (const verb of EVERYDAY) if (verb === word) return verb;
  const verb = word.toLowerCase();
  return VERB.test(verb) ? verb : undefined;
};
const EVERYDAY = ['update', 'patch', 'create', 'get', 'list', 'delete', 'watch'];

/** The call that a request to the API server makes; undefined where its URI names no resource. */
export const callOfUri = (uri: string, verb: string): ApiCall | undefined => {
  const word = verb.toLowerCase();
  const path = (uri.split('?', 1)[0] ?? '').split('/', 64).map(decoded);
  const [, root, first, version] = path;
  if (!VERB.test(word) || first === undefined) return undefined;
  if (root === 'api' && VERSION.test(first)) return fromPath('core', first, word, path, 3);
  if (root !== 'apis' || version === undefined || !VERSION.test(version)) return undefined;
  return fromPath(first, version, word, path, 4);
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The call on the resource that `path` names from `start` on. */
const fromPath = (
  group: string,
  version: string,
  verb: string,
  path: readonly string[],
  start: number,
): ApiCall | undefined => {
  const third = path[start + 2];
  const inNamespace = path[start] === 'namespaces' && third !== undefined && !NAMESPACE_SUBRESOURCES.includes(third);
  const at = inNamespace ? start + 2 : start;
  const resource = path[at];
  if (resource === undefined || resource === '') return undefined;
  // Every call gets all fields, so that all have one shape and are fast to read: rules read nearly every entry.
  return {
    group,
    version,
    resource,
    subresource: path[at + 2] || undefined,
    rest: path.length > at + 3 ? path.slice(at + 3).join('/') : undefined,
    verb,
    namespace: inNamespace ? path[start + 1] || undefined : undefined,
    name: path[at + 1] || undefined,
  };
};

/** `io.k8s.GROUP.VERSION.RESOURCE[.SUBRESOURCE].VERB`, where the group may have dots of its own. */
const callOfMethod = (method: string, verb: string): ApiCall | undefined => {
  const words = method.split('.', 32);
  const version = words.findIndex((word) => VERSION.test(word));
  const [resource, subresource] = words.slice(version + 1, -1);
  const found = words[version];
  if (version < 3 || found === undefined || resource === undefined) return undefined;
  return {
    group: words.slice(2, version).join('.'),
    version: found,
    resource,
    subresource,
    rest: undefined,
    verb,
    namespace: undefined,
    name: undefined,
  };
};
