import { Malformed } from '../errors.ts';
import { isContainerName, isKind, isLabelName, isSubdomain } from '../kubernetes/names.ts';
import type { ObjectRef } from '../kubernetes/object.ts';

const VERSION = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?v[0-9]{1,3}((alpha|beta)[0-9]{1,3})?$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const FIELD_KEY = /^[a-z][A-Za-z]{0,62}(\.[a-z][A-Za-z]{0,62}){0,4}$/;
const FIELD_VALUE = /^[A-Za-z0-9._:/-]{0,253}$/;
/** Names of RBAC objects may hold colons and capitals (`system:node`). */
const RBAC_NAME = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,252}$/;

/** The server's resource behind a kind: its segment in paths, and whether its objects live in namespaces. */
export type Resource = { plural: string; namespaced: boolean };

const checked = (what: string, value: string, ok: boolean): string => {
  if (ok) return value;
  throw new Malformed(`${JSON.stringify(value.slice(0, 80))} is not a valid ${what}: nothing was sent to the cluster.`);
};

/** `/api/v1` or `/apis/apps/v1`; Malformed if the version is not valid. */
export const versionPath = (apiVersion: string): string => {
  checked('API version', apiVersion, VERSION.test(apiVersion));
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
};

/** Returns a kind that may be looked up; Malformed for any other text. */
export const kindPart = (kind: string): string => checked('kind', kind, isKind(kind));

/** Returns a namespace name that may go into a path; Malformed for any other text. */
const namespacePart = (name: string): string => checked('namespace', name, isLabelName(name));

/** Returns an object name that may go into a path; Malformed for any other text. */
const namePart = (apiVersion: string, name: string): string =>
  checked('name', name, apiVersion.startsWith('rbac.authorization.k8s.io/') ? RBAC_NAME.test(name) : isSubdomain(name));

/** Returns a container name for the query of a log; Malformed for any other text. */
export const containerPart = (name: string): string => checked('container name', name, isContainerName(name));

/** A label selector that requires each of these values; Malformed if a key or value is not valid. */
export const labelQuery = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([key, value]) => {
      checked('label key', key, LABEL_KEY.test(key));
      return `${key}=${checked('label value', value, LABEL_VALUE.test(value))}`;
    })
    .join(',');

/** A field selector that requires each of these values; Malformed if a key or value is not valid. */
export const fieldQuery = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([key, value]) => {
      checked('field', key, FIELD_KEY.test(key));
      return `${key}=${checked('field value', value, FIELD_VALUE.test(value))}`;
    })
    .join(',');

/** `Pod shop/cart-7d9f`, for messages. */
export const say = (ref: { kind: string; namespace?: string | undefined; name?: string | undefined }): string =>
  [ref.kind, [ref.namespace, ref.name].filter((part) => part !== undefined).join('/')]
    .filter((part) => part !== '')
    .join(' ');

/** The path of a collection; without a namespace, the collection over all namespaces. */
export const pathIn = (
  resource: Resource,
  ref: { apiVersion: string; kind: string; namespace?: string | undefined },
): string => {
  const root = versionPath(ref.apiVersion);
  if (!resource.namespaced || ref.namespace === undefined) return `${root}/${resource.plural}`;
  return `${root}/namespaces/${namespacePart(ref.namespace)}/${resource.plural}`;
};

/** The path of one object; Malformed if a name is not valid or a namespace is missing. */
export const pathOf = (resource: Resource, ref: ObjectRef): string => {
  if (resource.namespaced && ref.namespace === undefined) {
    throw new Malformed(`${say(ref)} is addressed without its namespace: nothing was sent to the cluster.`);
  }
  return `${pathIn(resource, ref)}/${namePart(ref.apiVersion, ref.name)}`;
};

/** The path of a pod's subresource; Malformed if a name is not valid. */
export const podPath = (pod: { namespace: string; name: string }, subresource: 'log' | 'eviction'): string =>
  `/api/v1/namespaces/${namespacePart(pod.namespace)}/pods/${namePart('v1', pod.name)}/${subresource}`;
