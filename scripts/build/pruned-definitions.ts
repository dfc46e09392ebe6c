import { z } from 'zod';

/** A node of the definitions: namespaces, services and messages in one tree, each with its children. */
const level = z.looseObject({ nested: z.record(z.string(), z.looseObject({})).optional() });
const service = z.looseObject({
  methods: z.record(z.string(), z.looseObject({ requestType: z.string(), responseType: z.string() })),
});
const message = z.looseObject({
  fields: z.record(z.string(), z.looseObject({ type: z.string() })).default({}),
});

type Level = z.infer<typeof level>;
type Units = ReadonlyMap<string, Level>;

const joined = (...names: string[]): string => names.filter((name) => name !== '').join('.');

const isNamespace = (node: Level): boolean =>
  !['fields', 'values', 'methods', 'id'].some((key) => Object.hasOwn(node, key));

/** Each service, message and enum by its full name, including those nested in messages. */
const unitsOf = (node: Level, name: string): Array<[string, Level]> => {
  const inner = Object.entries(node.nested ?? {}).flatMap(([key, one]) => unitsOf(level.parse(one), joined(name, key)));
  return isNamespace(node) ? inner : [[name, node], ...inner];
};

/** The unit that a type's name refers to within `scope`; undefined for a scalar. */
const unitOf = (units: Units, scope: string, type: string): string | undefined => {
  const around = type.startsWith('.') ? [] : scope.split('.');
  const depths = Array.from({ length: around.length + 1 }, (_, up) => around.length - up);
  return depths
    .map((depth) => joined(...around.slice(0, depth), type.replace(/^\./, '')))
    .find((name) => units.has(name));
};

/** The services of an API, reduced to these methods. */
const keptServices = (units: Units, api: string, methods: readonly string[]): Map<string, z.infer<typeof service>> => {
  const kept = new Map<string, z.infer<typeof service>>();
  for (const name of methods) {
    const [owner = '', method = ''] = name.split('.');
    const full = joined(api, owner);
    const raw = units.get(full);
    const found = raw === undefined ? undefined : service.parse(raw).methods[method];
    if (raw === undefined || found === undefined) throw new Error(`the definitions have no method ${name}`);
    const before = kept.get(full) ?? { ...raw, methods: {} };
    kept.set(full, { ...before, methods: { ...before.methods, [method]: found } });
  }
  return kept;
};

/** The units, and all units that their fields refer to. */
const reachable = (units: Units, roots: ReadonlyMap<string, z.infer<typeof service>>): Map<string, Level> => {
  const kept = new Map<string, Level>(roots);
  const waiting = [...roots].flatMap(([scope, { methods }]) =>
    Object.values(methods).flatMap(({ requestType, responseType }) =>
      [requestType, responseType].map((type) => ({ scope, type })),
    ),
  );
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = unitOf(units, next.scope, next.type);
    const unit = name === undefined ? undefined : units.get(name);
    if (name === undefined || unit === undefined || kept.has(name)) continue;
    kept.set(name, unit);
    waiting.push(...Object.values(message.parse(unit).fields).map(({ type }) => ({ scope: name, type })));
    const around = name.slice(0, name.lastIndexOf('.'));
    if (units.has(around)) waiting.push({ scope: '', type: `.${around}` });
  }
  return kept;
};

/** The tree reduced to these units; namespaces without any of them are left out. */
const only = (node: Level, name: string, kept: ReadonlyMap<string, Level>): Level | undefined => {
  const own = isNamespace(node) ? node : kept.get(name);
  if (own === undefined) return undefined;
  const inner = Object.entries(node.nested ?? {}).flatMap(([key, one]): Array<[string, Level]> => {
    const found = only(level.parse(one), joined(name, key), kept);
    return found === undefined ? [] : [[key, found]];
  });
  const { nested: _, ...rest } = own;
  if (inner.length > 0) return { ...rest, nested: Object.fromEntries(inner) };
  return isNamespace(node) ? undefined : rest;
};

/**
 * A client's definitions reduced to `methods` (`Service.Method`) of the API at `path` and the messages that they need.
 * The client reads all of its definitions before its first call.
 *
 * @throws Error if a method is not in the definitions.
 */
export const prunedDefinitions = (
  definitions: unknown,
  path: readonly string[],
  methods: readonly string[],
): unknown => {
  const root = level.parse(definitions);
  const units = new Map(unitsOf(root, ''));
  return only(root, '', reachable(units, keptServices(units, joined(...path), methods)));
};
