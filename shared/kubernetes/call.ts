import type { ApiCall } from '../model/signal.ts';
import { toldOnce } from '../told-once.ts';

const VERSION = /^v\d{1,3}((alpha|beta)\d{1,3})?$/;
const VERB = /^[a-z]{1,32}$/;

/** These follow a Namespace's own name; anything else after it is a resource within it. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/** What a call is about, as rules and the list of expected calls write it: `core/pods/exec`, `apps/deployments`. */
export const resourceOf = toldOnce(
  ({ group, resource, subresource }: ApiCall): string =>
    `${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
);

/**
 * The call that an audit entry names: the verb is the last word of `method` (`io.k8s.core.v1.pods.exec.create`), all
 * else comes from the resource name (`core/v1/namespaces/shop/pods/cart-0/exec`). Undefined for what is no resource,
 * such as `readyz`. An entry without a resource name is read from its method as far as that goes.
 */
export const callOf = (resourceName: string | undefined, method: string): ApiCall | undefined => {
  const verb = method.slice(method.lastIndexOf('.') + 1).toLowerCase();
  if (!VERB.test(verb)) return undefined;
  if (resourceName === undefined || resourceName === '') return callOfMethod(method, verb);
  const path = resourceName.split('/', 64);
  const [group, version] = path;
  if (group === undefined || group === '' || version === undefined || !VERSION.test(version)) return undefined;
  return fromPath({ group, version, verb }, path, 2);
};

/** The call that a request to the API server makes; undefined for what is no resource. */
export const callOfUri = (uri: string, verb: string): ApiCall | undefined => {
  const word = verb.toLowerCase();
  const path = (uri.split('?', 1)[0] ?? '').split('/', 64).map(decoded);
  const [, root, first, version] = path;
  if (!VERB.test(word) || first === undefined) return undefined;
  if (root === 'api' && VERSION.test(first)) return fromPath({ group: 'core', version: first, verb: word }, path, 3);
  if (root !== 'apis' || version === undefined || !VERSION.test(version)) return undefined;
  return fromPath({ group: first, version, verb: word }, path, 4);
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The call to what `path` names from its `start` on. */
const fromPath = (
  base: Pick<ApiCall, 'group' | 'version' | 'verb'>,
  path: readonly string[],
  start: number,
): ApiCall | undefined => {
  const [first, second, third] = [path[start], path[start + 1], path[start + 2]];
  const inNamespace =
    first === 'namespaces' && second !== undefined && third !== undefined && !NAMESPACE_SUBRESOURCES.includes(third);
  return inNamespace ? called(base, second, path, start + 2) : called(base, undefined, path, start);
};

const called = (
  { group, version, verb }: Pick<ApiCall, 'group' | 'version' | 'verb'>,
  namespace: string | undefined,
  path: readonly string[],
  start: number,
): ApiCall | undefined => {
  const resource = path[start];
  if (resource === undefined || resource === '') return undefined;
  const [name, subresource] = [path[start + 1], path[start + 2]];
  const call: ApiCall = { group, version, resource, verb };
  if (namespace !== undefined && namespace !== '') call.namespace = namespace;
  if (name !== undefined && name !== '') call.name = name;
  if (subresource !== undefined && subresource !== '') call.subresource = subresource;
  if (path.length > start + 3) call.rest = path.slice(start + 3).join('/');
  return call;
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
    verb,
    ...(subresource === undefined ? {} : { subresource }),
  };
};
