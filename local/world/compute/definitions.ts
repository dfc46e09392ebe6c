import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/**
 * One field of a message in the client's definitions. An enum is of type string, with the `values` that it may have.
 */
export type Field = { type: string; repeated: boolean; map: boolean; required: boolean; values?: readonly string[] };
export type Message = ReadonlyMap<string, Field>;

/**
 * One method: its HTTP form, its request message and its response message. `body`: the request's field that is the HTTP
 * body.
 */
export type Route = {
  name: string;
  verb: string;
  /** `compute`, `v1`, `projects`, `{project}`, ... */
  path: readonly string[];
  body?: string;
  request: string;
  response: string;
};

/** The service's definition, taken from its own client. It decides which calls and answers are valid. */
export type Definitions = { routes: readonly Route[]; message(name: string): Message | undefined };

const rawField = z.object({
  rule: z.string().optional(),
  keyType: z.string().optional(),
  type: z.string(),
  options: z.record(z.string(), z.unknown()).optional(),
});
const rawMessage = z.object({
  fields: z.record(z.string(), rawField).default({}),
  nested: z.record(z.string(), z.object({ values: z.record(z.string(), z.number()).optional() })).default({}),
});
const rawService = z.object({
  methods: z.record(
    z.string(),
    z.object({ requestType: z.string(), responseType: z.string(), options: z.record(z.string(), z.unknown()) }),
  ),
});
const level = <T extends z.ZodType>(inner: T) => z.object({ nested: inner });
const root = level(
  z.object({
    google: level(
      z.object({
        cloud: level(z.object({ compute: level(z.object({ v1: level(z.record(z.string(), z.unknown())) })) })),
      }),
    ),
  }),
);

/** Turns `instance_group_manager` in a path into `instanceGroupManager`, the field of the request. */
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * An enum field is defined as a string beside a nested enum of its capitalized name, or (an operation's status) by that
 * enum as its type.
 */
const readMessage = (raw: unknown): Message => {
  const { fields, nested } = rawMessage.parse(raw);
  return new Map(
    Object.entries(fields).map(([name, field]) => {
      const own = nested[field.type]?.values;
      const values = field.type === 'string' ? nested[capital(name)]?.values : own;
      return [
        name,
        {
          type: own === undefined ? field.type : 'string',
          repeated: field.rule === 'repeated',
          map: field.keyType !== undefined,
          required: field.options?.['(google.api.field_behavior)'] === 'REQUIRED',
          ...(values === undefined ? {} : { values: Object.keys(values) }),
        },
      ];
    }),
  );
};

const VERBS = ['get', 'post', 'put', 'patch', 'delete'];

const readRoutes = (service: string, raw: unknown): Route[] => {
  const read = rawService.safeParse(raw);
  if (!read.success) return [];
  return Object.entries(read.data.methods).flatMap(([method, { requestType, responseType, options }]) => {
    const verb = VERBS.find((each) => `(google.api.http).${each}` in options);
    if (verb === undefined) return [];
    const body = options['(google.api.http).body'];
    return [
      {
        name: `${service}.${method}`,
        verb: verb.toUpperCase(),
        path: String(options[`(google.api.http).${verb}`])
          .split('/')
          .slice(1)
          .map((part) => (part.startsWith('{') ? `{${camel(part.slice(1, -1))}}` : part)),
        ...(typeof body === 'string' ? { body: camel(body) } : {}),
        request: requestType,
        response: responseType,
      },
    ];
  });
};

const load = (): Definitions => {
  const file = createRequire(import.meta.url).resolve('@google-cloud/compute/build/protos/protos.json');
  const parsed = root.parse(JSON.parse(readFileSync(file, 'utf8')));
  const all = parsed.nested.google.nested.cloud.nested.compute.nested.v1.nested;
  const messages = new Map<string, Message>();
  return {
    routes: Object.entries(all).flatMap(([name, raw]) => readRoutes(name, raw)),
    message: (name) => {
      const known = messages.get(name);
      if (known !== undefined) return known;
      const raw = all[name];
      if (raw === undefined) return undefined;
      const message = readMessage(raw);
      messages.set(name, message);
      return message;
    },
  };
};

let loaded: Definitions | undefined;

/** The definitions from the client library; the first call takes about 0.2 s. */
export const loadDefinitions = (): Definitions => {
  loaded ??= load();
  return loaded;
};
