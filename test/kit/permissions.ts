import { DATABASES } from '../../shared/deployment.ts';

/** The rights that a function was seen to use, as `PERMISSION on PLACE`, and the topics that it published to. */
export type Needs = { rights: Set<string>; topics: Set<string> };

export const needs = (): Needs => ({ rights: new Set(), topics: new Set() });

/** The Firestore verbs that each call of a store needs. An update first reads the document that it changes. */
const DOCUMENTS: Readonly<Record<string, (given: readonly unknown[]) => readonly string[]>> = {
  get: () => ['get'],
  list: () => ['list', 'get'],
  put: ([, , expected]) => (expected === null ? ['create'] : ['get', 'update']),
  delete: () => ['delete'],
};

/** The rights that calls of the other ports need, by port and method; `*` is any method. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  // The description names the API server, and a call to it also needs the right to connect.
  'clusters.describe': ['container.clusters.get on project'],
  'clusters.reader': ['container.clusters.get on project', 'container.clusters.connect on project'],
  'clusters.writer': ['container.clusters.get on project', 'container.clusters.connect on project'],
  'evidence.put': ['storage.objects.create on evidence'],
  'evidence.get': ['storage.objects.get on evidence'],
  'exhibit.get': ['storage.objects.get on exhibit'],
  'logs.entries': ['logging.logEntries.list on project', 'logging.privateLogEntries.list on project'],
  'metrics.*': ['monitoring.timeSeries.list on project'],
};

const calledOn = (path: readonly string[], given: readonly unknown[], seen: Needs): void => {
  const [port = '', method = ''] = path;
  if (port === 'bus' && method === 'publish') seen.topics.add(String(given[0]));
  for (const right of CALLS[`${port}.${method}`] ?? CALLS[`${port}.*`] ?? []) seen.rights.add(right);
  const database = port === 'memory' ? DATABASES.memory : DATABASES.incidents;
  if (port !== 'stores' && port !== 'memory') return;
  for (const verb of DOCUMENTS[path[2] ?? '']?.(given) ?? [])
    seen.rights.add(`datastore.entities.${verb} on ${database}`);
};

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

/** The same ports, with the rights of every call recorded in `seen`. */
export const noted = <T extends object>(ports: T, seen: Needs): T => {
  const follow = <V extends object>(value: V, path: readonly string[]): V =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver);
        const here = [...path, String(key)];
        if (typeof member === 'function')
          return (...given: unknown[]) => {
            calledOn(here, given, seen);
            return Reflect.apply(member, target, given);
          };
        return isPlain(member) && path.length < 2 ? follow(member, here) : member;
      },
    });
  return follow(ports, []);
};
