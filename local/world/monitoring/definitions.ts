import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { isObject } from '../../../shared/json.ts';
import { invalid } from './refusal.ts';

const REQUEST = 'google.monitoring.v3.ListTimeSeriesRequest';
const RESPONSE = 'google.monitoring.v3.ListTimeSeriesResponse';
/** Message types that JSON writes as text: points in time and durations. */
const TEXTS = new Map([
  ['google.protobuf.Timestamp', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/],
  ['google.protobuf.Duration', /^-?\d{1,12}(\.\d{1,9})?s$/],
]);

let loaded: protobuf.Root | undefined;

/** The service's definition, taken from its own client. */
const root = (): protobuf.Root => {
  const file = createRequire(import.meta.url).resolve('@google-cloud/monitoring/build/protos/protos.json');
  loaded ??= protobuf.Root.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  return loaded;
};

type Tree = { [key: string]: unknown };

const scalarOf = (field: protobuf.Field, key: string, text: string): unknown => {
  const type = field.resolve().resolvedType;
  if (type instanceof protobuf.Enum) {
    const name = /^\d+$/.test(text) ? type.valuesById[Number(text)] : text;
    if (name !== undefined && Object.hasOwn(type.values, name)) return name;
    throw invalid(`Invalid value at '${key}' (${type.fullName.slice(1)}), "${text}"`);
  }
  if (type !== null) {
    if (TEXTS.get(type.fullName.slice(1))?.test(text) === true) return text;
    throw invalid(`Invalid value at '${key}' (${type.fullName.slice(1)}), "${text}"`);
  }
  if (field.type === 'string') return text;
  if (field.type === 'int32' && /^-?\d{1,10}$/.test(text)) return Number(text);
  throw invalid(`Invalid value at '${key}' (TYPE_${field.type.toUpperCase()}), "${text}"`);
};

/** Writes one query parameter, for example `aggregation.alignmentPeriod=60s`, into the request. */
const put = (type: protobuf.Type, into: Tree, key: string, path: readonly string[], text: string): void => {
  const [name = '', ...rest] = path;
  const field = Object.hasOwn(type.fields, name) ? type.fields[name]?.resolve() : undefined;
  if (field === undefined)
    throw invalid(`Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter.`);
  if (rest.length > 0) {
    if (!(field.resolvedType instanceof protobuf.Type) || TEXTS.has(field.resolvedType.fullName.slice(1)))
      throw invalid(`Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter.`);
    const held = into[name];
    const inner = isObject(held) ? held : {};
    into[name] = inner;
    put(field.resolvedType, inner, key, rest, text);
    return;
  }
  const value = scalarOf(field, key, text);
  const held = into[name];
  if (!field.repeated && held !== undefined) throw invalid(`Invalid value at '${key}': it is given twice.`);
  into[name] = field.repeated ? [...(Array.isArray(held) ? held : []), value] : value;
};

/**
 * Reads the request of `GET /v3/projects/P/timeSeries?...` by the definition; refuses unknown names and wrong types.
 */
export const readRequest = (name: string, query: URLSearchParams): Tree => {
  const type = root().lookupType(REQUEST);
  const request: Tree = { name };
  for (const [key, text] of query) {
    if (/^(\$|alt$|prettyPrint$|key$|quotaUser$)/.test(key)) continue;
    if (key === 'name')
      throw invalid(`Invalid JSON payload received. Unknown name "name": Cannot bind query parameter.`);
    put(type, request, key, key.split('.'), text);
  }
  for (const field of type.fieldsArray) {
    const required = field.options?.['(google.api.field_behavior)'] === 'REQUIRED';
    if (required && request[field.name] === undefined) throw invalid(`Request was missing field ${field.name}.`);
  }
  return request;
};

const wrongIn = (type: protobuf.Type, value: unknown, path: string): string | undefined => {
  if (!isObject(value)) return `${path} is no object`;
  for (const [key, held] of Object.entries(value)) {
    const field = Object.hasOwn(type.fields, key) ? type.fields[key]?.resolve() : undefined;
    if (field === undefined) return `${path}.${key} is not a field`;
    const each = field.repeated && Array.isArray(held) ? held : [held];
    if (field.map || !(field.resolvedType instanceof protobuf.Type)) continue;
    if (TEXTS.has(field.resolvedType.fullName.slice(1))) continue;
    for (const one of each) {
      const wrong = wrongIn(field.resolvedType, one, `${path}.${key}`);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
};

/** The first difference of an answer from the definition; undefined if there is none. */
export const wrongAnswer = (answer: unknown): string | undefined =>
  wrongIn(root().lookupType(RESPONSE), answer, 'answer');
