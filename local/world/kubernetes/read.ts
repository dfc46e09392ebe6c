import type { Context } from './context.ts';
import { apiVersionOf } from './kinds.ts';
import { type Fields, listAt, type Obj, textAt } from './objects.ts';
import { badRequest, failure, notFound } from './refusal.ts';
import type { Address } from './requests.ts';
import { fieldFilter, labelFilter } from './selectors.ts';

type Query = Record<string, string>;

/** The object at an address; throws 404 if there is none. */
export const find = (context: Context, address: Address): Obj => {
  const { kind, namespace, name } = address;
  const found = context.store.get(kind, namespace, name ?? '');
  if (found === undefined) throw notFound({ group: kind.group, plural: kind.plural, name: name ?? '' });
  return found;
};

const startOf = (token: string | undefined): number => {
  if (token === undefined || token === '') return 0;
  const start = Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(start)) throw badRequest('invalid continue token: continue key is not valid');
  return start;
};

/** One page of a listing, ordered by namespace and name; `continue` is the token for the next page. */
export const list = (context: Context, address: Address, query: Query): Fields => {
  const { kind, namespace } = address;
  const labels = labelFilter(query.labelSelector);
  const fields = fieldFilter(query.fieldSelector, kind.kind);
  const matching = context.store
    .all(kind)
    .filter((o) => (namespace === undefined || o.metadata.namespace === namespace) && labels(o) && fields(o));
  const start = startOf(query.continue);
  const limit = Number(query.limit ?? 0);
  const end = limit > 0 ? Math.min(start + limit, matching.length) : matching.length;
  const more = end < matching.length;
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(context.store.version()),
      ...(more
        ? { continue: Buffer.from(String(end)).toString('base64url'), remainingItemCount: matching.length - end }
        : {}),
    },
    // The real server omits kind and apiVersion in the items of built-in lists.
    items: matching.slice(start, end).map((object) => {
      const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
      return kind.custom ? object : rest;
    }),
  };
};

const containersOf = (pod: Obj): string[] =>
  [
    ...listAt(pod.spec, 'containers'),
    ...listAt(pod.spec, 'initContainers'),
    ...listAt(pod.spec, 'ephemeralContainers'),
  ].map((c) => String(c.name));

const lastLines = (text: string, count: number): string => {
  const lines = text.split(/(?<=\n)/);
  return lines.slice(Math.max(0, lines.length - count)).join('');
};

/**
 * The log of one container, or its last `tailLines` lines, cut to `limitBytes`; undefined (204) if the pod is not on a
 * node yet. If there is no log for another reason, throws the server's answer.
 */
export const log = (context: Context, address: Address, query: Query): string | undefined => {
  const pod = find(context, address);
  const names = containersOf(pod);
  const only = listAt(pod.spec, 'containers');
  const container = query.container ?? (only.length === 1 ? String(only[0]?.name) : undefined);
  const name = pod.metadata.name;
  if (container === undefined) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  }
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  const node = textAt(pod.spec, 'nodeName');
  if (node === undefined) return undefined;
  if (context.reality.cut.has(node)) {
    throw failure(500, 'InternalError', `Get "https://${node}:10250/containerLogs": dial tcp: i/o timeout`);
  }
  if (pod.status?.phase === 'Pending') {
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ContainerCreating`);
  }
  const whole = context.reality.logs.get(`${pod.metadata.namespace}/${name}/${container}`) ?? '';
  const text = query.tailLines === undefined ? whole : lastLines(whole, Number(query.tailLines));
  const limit = Number(query.limitBytes ?? 0);
  return limit > 0 ? Buffer.from(text).subarray(0, limit).toString('utf8') : text;
};
