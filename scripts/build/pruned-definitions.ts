import { z } from 'zod';

/** A level of the definitions: namespaces, services and messages in one tree, each with what it holds. */
const level = z.looseObject({ nested: z.record(z.string(), z.looseObject({})) });
const service = z.looseObject({
  methods: z.record(z.string(), z.looseObject({ requestType: z.string(), responseType: z.string() })),
});
const message = z.looseObject({
  fields: z.record(z.string(), z.looseObject({ type: z.string() })).default({}),
});

type Level = z.infer<typeof level>;

/** `.google.cloud.compute.v1.Tags` and `Tags` are the same. */
const shortName = (type: string): string => type.split('.').at(-1) ?? type;

const keptServices = (all: Level['nested'], methods: readonly string[]): Level['nested'] => {
  const kept: Record<string, z.infer<typeof service>> = {};
  for (const name of methods) {
    const [owner = '', method = ''] = name.split('.');
    const raw = all[owner];
    const found = raw === undefined ? undefined : service.parse(raw).methods[method];
    if (raw === undefined || found === undefined) throw new Error(`the definitions have no method ${name}`);
    const before = kept[owner] ?? { ...raw, methods: {} };
    kept[owner] = { ...before, methods: { ...before.methods, [method]: found } };
  }
  return kept;
};

/** The named messages, and all that their fields are made of. */
const reachable = (all: Level['nested'], roots: readonly string[]): Level['nested'] => {
  const kept: Level['nested'] = {};
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const raw = all[name];
    // What is not among them is a scalar, an enum of the message itself, or of another package, which is kept whole.
    if (raw === undefined || Object.hasOwn(kept, name)) continue;
    kept[name] = raw;
    waiting.push(...Object.values(message.parse(raw).fields).map(({ type }) => shortName(type)));
  }
  return kept;
};

const prunedAt = (node: unknown, [step, ...rest]: readonly string[], methods: readonly string[]): Level => {
  const { nested, ...own } = level.parse(node);
  if (step === undefined) {
    const services = keptServices(nested, methods);
    const types = Object.values(services).flatMap((one) =>
      Object.values(service.parse(one).methods).flatMap(({ requestType, responseType }) => [requestType, responseType]),
    );
    return { ...own, nested: { ...services, ...reachable(nested, types.map(shortName)) } };
  }
  const pruned = prunedAt(nested[step], rest, methods);
  // Beside the API's own package stand other versions of it, which nothing here calls, and the packages of common types.
  const beside = rest.length === 0 ? {} : nested;
  return { ...own, nested: { ...beside, [step]: pruned } };
};

/**
 * The definitions that a client carries, with nothing left of the API at `path` but `methods` (`Service.Method`) and the
 * messages they need, since the client reads all of it before its first call.
 *
 * @throws Error where a method is not in the definitions.
 */
export const prunedDefinitions = (definitions: unknown, path: readonly string[], methods: readonly string[]): unknown =>
  prunedAt(definitions, path, methods);
