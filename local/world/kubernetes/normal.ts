import { type Fields, isFields } from './objects.ts';

/** Fields that the API server includes even if they are empty. */
const KEPT = new Set(['containers', 'rules', 'endpoints', 'versions']);
/** Maps of text that the API server omits if they are empty. Other empty objects have a meaning (`emptyDir: {}`). */
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
 * An object in the form that the real server returns: without nulls, empty lists and empty maps of text. For custom
 * kinds only the metadata is cleaned.
 */
export const normal = (object: Fields, custom: boolean): Fields => {
  if (!custom) return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, without(value)]));
  return { ...object, metadata: without(object.metadata) };
};
