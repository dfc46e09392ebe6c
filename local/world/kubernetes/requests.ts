import type { Kind, Kinds } from './kinds.ts';
import { noResource, noRoute } from './refusal.ts';

/** One call to the API server; `path` is without query, and may still be percent-encoded. */
export type ApiRequest = {
  method: string;
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  body?: unknown;
};

/** The API server's answer. `dropped`: the client gets no answer, although the world may have changed. */
export type ApiResponse = {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  dropped?: 'timeout' | 'lost-reply';
};

type Verb = 'get' | 'list' | 'create' | 'patch' | 'delete';

/** The verb and the resource that a request addresses. */
export type Address = {
  verb: Verb;
  kind: Kind;
  namespace?: string;
  name?: string;
  subresource?: string;
};

/** A discovery path: every authenticated caller may read it. */
type Discovery = { discovery: true; group: string | undefined; version: string | undefined };

const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .filter((s) => s !== '')
    .map(decodeURIComponent);

const verbOf = (method: string, named: boolean): Verb | undefined => {
  switch (method) {
    case 'GET':
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : undefined;
    default:
      return undefined;
  }
};

const namespacedIn = (segments: string[]): { namespace?: string; rest: string[] } => {
  const [first, namespace, ...rest] = segments;
  const status = rest.length === 1 && rest[0] === 'status';
  return first === 'namespaces' && namespace !== undefined && rest.length > 0 && !status
    ? { namespace, rest }
    : { rest: segments };
};

const isServed = (
  kind: Kind,
  address: { verb: Verb; namespace?: string; name?: string; subresource?: string },
): boolean => {
  const { verb, namespace, name, subresource } = address;
  if (!kind.namespaced && namespace !== undefined) return false;
  if (kind.namespaced && namespace === undefined && (name !== undefined || verb === 'create')) return false;
  if (subresource !== undefined) return kind.subresources.includes(subresource);
  return verb !== 'create' || name === undefined;
};

/**
 * Reads method and path of a request. Requests that no client of Firebreak sends (PUT, watch, deleting whole
 * collections) get a 404. Other routes that no suite has run against a real server are refused later, with a sentence
 * (routes.ts).
 */
export const addressOf = (kinds: Kinds, method: string, path: string): Address | Discovery => {
  const segments = segmentsOf(path);
  const root = segments.shift();
  if (root !== 'api' && root !== 'apis') throw noRoute();
  const group = root === 'api' ? '' : segments.shift();
  const version = segments.shift();
  if (segments.length === 0) {
    if (method !== 'GET') throw noRoute();
    return { discovery: true, group, version };
  }
  const { namespace, rest } = namespacedIn(segments);
  const [plural, name, subresource, ...surplus] = rest;
  const kind = kinds.byPlural(group ?? '', version ?? '', plural ?? '');
  const verb = verbOf(method, name !== undefined);
  if (kind === undefined || verb === undefined || surplus.length > 0) throw noResource();
  const parts = {
    verb,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
  if (!isServed(kind, parts)) throw noResource();
  return { ...parts, kind };
};
