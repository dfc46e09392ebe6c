import { DATABASES } from '../../shared/deployment.ts';

/** What a function was seen to need: `PERMISSION on PLACE`, and the topics that it published on. */
export type Needs = { rights: Set<string>; topics: Set<string> };

export const needs = (): Needs => ({ rights: new Set(), topics: new Set() });

/** What each call of a store needs of Firestore; an update is preceded by a read of what it is based on. */
const DOCUMENTS: Readonly<Record<string, (given: readonly unknown[]) => readonly string[]>> = {
  get: () => ['get'],
  list: () => ['list', 'get'],
  put: ([, , expected]) => (expected === null ? ['create'] : ['get', 'update']),
  delete: () => ['delete'],
};

/** What the other ports need, by port and method; `*` is any. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  // The description names the API server, and whoever calls that must be let in.
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

/** The same ports; what is called through them is noted. */
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
