import { isObject } from '../../../shared/json.ts';
import type { Definitions, Field } from './definitions.ts';

/** The first error in a value: its path and its reason. */
type Wrong = { path: string; because: string };

const SCALARS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int32: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  uint32: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32,
  int64: (value) => /^-?\d{1,19}$/.test(String(value)),
  uint64: (value) => /^\d{1,20}$/.test(String(value)),
  double: (value) => typeof value === 'number',
  float: (value) => typeof value === 'number',
};

const checkOne = (definitions: Definitions, field: Field, value: unknown, path: string): Wrong | undefined => {
  const scalar = SCALARS[field.type];
  if (scalar === undefined) return checkMessage(definitions, field.type, value, path);
  if (!scalar(value)) return { path, because: `must be ${field.type}` };
  if (field.values !== undefined && !field.values.includes(String(value))) {
    return { path, because: `must be one of ${field.values.slice(1).join(', ')}` };
  }
  return undefined;
};

const checkField = (definitions: Definitions, field: Field, value: unknown, path: string): Wrong | undefined => {
  if (!field.repeated && !field.map) return checkOne(definitions, field, value, path);
  if (field.map) {
    if (!isObject(value)) return { path, because: 'must be an object' };
    return Object.entries(value)
      .map(([key, each]) => checkOne(definitions, field, each, `${path}.${key}`))
      .find((wrong) => wrong !== undefined);
  }
  if (!Array.isArray(value)) return { path, because: 'must be a list' };
  return value
    .map((each: unknown, index) => checkOne(definitions, field, each, `${path}[${index}]`))
    .find((wrong) => wrong !== undefined);
};

/** Checks a JSON value against a message of the definitions: unknown fields, missing required fields, wrong types. */
export const checkMessage = (
  definitions: Definitions,
  name: string,
  value: unknown,
  path: string,
): Wrong | undefined => {
  const message = definitions.message(name);
  // google.protobuf.Any and similar types: the definitions do not say what these hold.
  if (message === undefined) return undefined;
  if (!isObject(value)) return { path, because: 'must be an object' };
  for (const [key, each] of Object.entries(value)) {
    const field = message.get(key);
    const at = path === '' ? key : `${path}.${key}`;
    if (field === undefined) return { path: at, because: 'is not a field' };
    const wrong = checkField(definitions, field, each, at);
    if (wrong !== undefined) return wrong;
  }
  for (const [key, field] of message) {
    if (field.required && (value[key] === undefined || value[key] === '')) {
      return { path: path === '' ? key : `${path}.${key}`, because: 'is required' };
    }
  }
  return undefined;
};
