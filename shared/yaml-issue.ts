import { type Document, isScalar, isSeq } from 'yaml';
import { z } from 'zod';
import { counted, quote } from './text.ts';

/** What a schema expects, in words of whoever writes the file. */
const KINDS: Readonly<Record<string, string>> = {
  object: 'a group of fields',
  record: 'a group of fields',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

const COUNTED: Readonly<Record<string, readonly [one: string, many: string]>> = {
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  string: ['character', 'characters'],
};

/** A value as it stands in the file, or what it is where that is more than a word. */
const shown = (value: unknown): string => {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a group of fields';
  return typeof value === 'string' ? quote(value, 60) : String(value);
};

const part = (schema: unknown, key: PropertyKey): unknown => {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(key)];
  if (inner instanceof z.ZodArray) return inner.element;
  return inner instanceof z.ZodRecord ? inner.valueType : undefined;
};

const unwrapped = (schema: unknown): unknown =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrapped(schema.unwrap())
    : schema;

/** The fields that a schema has at a path; none where it is no group of fields. */
const fieldsAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const found = unwrapped(path.reduce<unknown>(part, schema));
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
};

const boundOf = (word: string, bound: number | bigint, origin: string, value: unknown): string => {
  const [one, many] = COUNTED[origin] ?? [];
  return one === undefined
    ? `expected ${word} ${bound}, not ${shown(value)}`
    : `expected ${word} ${counted(Number(bound), one, many)}`;
};

/** What is wrong with a field of a file that people write, in words that need no knowledge of the checker. */
export const yamlIssue = (schema: z.ZodType, doc: Document.Parsed, issue: z.core.$ZodIssue): string => {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const node: unknown = path.length === 0 ? doc.contents : doc.getIn(path, true);
  const value = isScalar(node) ? node.value : isSeq(node) ? [] : node;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const fields = fieldsAt(schema, issue.path);
      const names = issue.keys.map((key) => quote(key, 60)).join(', ');
      return `there is no field ${names}${fields.length === 0 ? '' : `: expected one of ${fields.join(', ')}`}`;
    }
    case 'invalid_type':
      return value == null
        ? `it is missing: expected ${KINDS[issue.expected] ?? issue.expected}`
        : `expected ${KINDS[issue.expected] ?? issue.expected}, not ${shown(value)}`;
    case 'invalid_value':
      return `${value == null ? 'it is missing: expected' : 'expected'} ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}${value == null ? '' : `, not ${shown(value)}`}`;
    case 'too_small':
      return boundOf(issue.exact === true ? 'exactly' : 'at least', issue.minimum, issue.origin, value);
    case 'too_big':
      return boundOf(issue.exact === true ? 'exactly' : 'at most', issue.maximum, issue.origin, value);
    default:
      return issue.message;
  }
};
