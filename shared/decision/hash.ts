import { hash } from 'node:crypto';

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, canonical(field)]),
  );
};

/** Hash of JSON-like data by content: 16 hex digits of SHA-256. The order of keys does not matter. */
export const hashOf = (data: unknown): string => hash('sha256', JSON.stringify(canonical(data))).slice(0, 16);
