import { type Fields, isFields } from './objects.ts';

/** Fields that the API writes even where they are empty. */
const KEPT = new Set(['containers', 'rules', 'endpoints', 'versions']);
/** Maps of text that the API leaves out where they are empty; other empty objects mean something (`emptyDir: {}`). */
const TEXT_MAPS = new Set(['labels', 'annotations', 'nodeSelector', 'matchLabels']);

const isEmpty = (key: string, value: unknown): boolean => {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0 && !KEPT.has(key);
  return TEXT_MAPS.has(key) && isFields(value) && Object.keys(value).length === 0;
};

const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without);
  if (!isFields(value)) return value;
  const kept: Fields = {};
  for (const [key, inner] of Object.entries(value)) if (!isEmpty(key, inner)) kept[key] = without(inner);
  return kept;
};

/**
 * An object as it comes back from the real server's types: empty lists, empty maps of text and nulls are left out.
 * Objects of custom kinds keep what they hold, their metadata aside.
 */
export const normal = (object: Fields, custom: boolean): Fields => {
  if (!custom) return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, without(value)]));
  return { ...object, metadata: without(object.metadata) };
};
