import { checkMessage } from './check-message.ts';
import type { Definitions, Field, Message, Route } from './definitions.ts';
import { ComputeFault } from './fault.ts';

/** A call in the form in which HTTP carries it. */
type HttpCall = { verb: string; path: string; query: URLSearchParams; body: string };

/** Query parameters about the call itself, which are no fields of the request. */
const META = /^(\$|alt$|prettyPrint$|key$|quotaUser$|fields$)/;

/** Bodies that count as empty; the Node.js client sends an empty text as JSON. */
const EMPTY = ['', '""', '{}'];

const match = (route: Route, parts: readonly string[]): Record<string, string> | undefined => {
  if (route.path.length !== parts.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, expected] of route.path.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith('{')) {
      if (part === '') return undefined;
      values[expected.slice(1, -1)] = part;
    } else if (expected !== part) return undefined;
  }
  return values;
};

const bad = (message: string): ComputeFault => new ComputeFault(400, 'badRequest', message);

const coerce = (field: Field, key: string, text: string): unknown => {
  if (field.type === 'bool') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw bad(`Invalid value at '${key}' (TYPE_BOOL), "${text}"`);
  }
  if (/^(u?int32|double|float)$/.test(field.type)) {
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    throw bad(`Invalid value at '${key}' (TYPE_${field.type.toUpperCase()}), "${text}"`);
  }
  return text;
};

const readQuery = (message: Message, route: Route, query: URLSearchParams): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const [key, text] of query) {
    if (META.test(key)) continue;
    const field = message.get(key);
    if (field === undefined || key === route.body || route.path.includes(`{${key}}`)) {
      throw bad(`Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter.`);
    }
    values[key] = coerce(field, key, text);
  }
  return values;
};

const readBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new ComputeFault(400, 'parseError', 'Parse Error');
  }
};

/** The path's decoded parts; undefined if they cannot be decoded. */
const partsOf = (path: string): string[] | undefined => {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
};

/** Finds the method for an HTTP call and reads its request by the definitions; undefined if there is no such route. */
export const transcode = (
  definitions: Definitions,
  call: HttpCall,
): { route: Route; request: Record<string, unknown> } | undefined => {
  const parts = partsOf(call.path);
  if (parts === undefined) return undefined;
  for (const route of definitions.routes) {
    if (route.verb !== call.verb) continue;
    const values = match(route, parts);
    if (values === undefined) continue;
    const message = definitions.message(route.request) ?? new Map<string, Field>();
    const request: Record<string, unknown> = { ...readQuery(message, route, call.query), ...values };
    if (route.body !== undefined && call.body !== '') request[route.body] = readBody(call.body);
    if (route.body === undefined && !EMPTY.includes(call.body)) throw bad('The call takes no body.');
    const wrong = checkMessage(definitions, route.request, request, '');
    if (wrong === undefined) return { route, request };
    if (wrong.because === 'is required') {
      throw new ComputeFault(400, 'required', `Required field '${wrong.path}' not specified`);
    }
    throw new ComputeFault(400, 'invalid', `Invalid value for field '${wrong.path}': it ${wrong.because}.`);
  }
  return undefined;
};
