/** A JSON object that nobody has checked. */
export type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object, undefined where it is none. */
export const record = (value: unknown): Loose | undefined => (isRecord(value) ? value : undefined);

/** The objects of a list; what is no list has none. */
export const records = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** The value as a string that is not empty, undefined where it is none. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The strings of a list; what is no list has none. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** A whole number, also where JSON wrote it as a string (int64); undefined where it is none. */
export const integer = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isSafeInteger(read) ? read : undefined;
};

/** What is found by following keys from object to object. */
export const at = (value: unknown, ...keys: string[]): unknown => {
  let held = value;
  for (const key of keys) held = own(held, key);
  return held;
};

const own = (value: unknown, key: string): unknown => {
  const held = record(value);
  // Inherited names (`constructor`) are not what a stranger wrote.
  return held !== undefined && Object.hasOwn(held, key) ? held[key] : undefined;
};
