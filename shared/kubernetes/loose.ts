import { isObject } from '../json.ts';

/** A JSON object whose content is unchecked. */
export type Loose = Readonly<Record<string, unknown>>;

/** The value if it is an object, else undefined. */
export const record = (value: unknown): Loose | undefined => (isObject(value) ? value : undefined);

/** The objects in a list; empty where the value is no list. */
export const records = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The value if it is a string and not empty, else undefined. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The strings in a list; empty where the value is no list. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** A whole number, also one that JSON has as a string (int64); undefined where the value is none. */
export const integer = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isSafeInteger(read) ? read : undefined;
};

/** The value at a path of keys, from object to object; undefined where there is none. */
export const at = (value: unknown, ...keys: string[]): unknown => {
  let held = value;
  for (const key of keys) held = own(held, key);
  return held;
};

const own = (value: unknown, key: string): unknown => {
  const held = record(value);
  // Own properties only: inherited ones (`constructor`) are not part of the input.
  return held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined;
};
