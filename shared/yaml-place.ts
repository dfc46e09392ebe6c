import { type Document, isMap, isScalar, type Pair } from 'yaml';
import type { z } from 'zod';

const offsetOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;

const pairOf = (parent: unknown, key: PropertyKey | undefined): Pair | undefined =>
  isMap(parent) ? parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key)) : undefined;

/**
 * The offset in a document's text of an issue of its schema: of the key, else of the value, else of the nearest node
 * around it that the text has.
 */
export const offsetOfIssue = (doc: Document.Parsed, issue: z.core.$ZodIssue): number => {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const found = pairOf(path.length === 0 ? doc.contents : doc.getIn(path, true), issue.keys[0]);
    if (found !== undefined) return offsetOf(found.key) ?? 0;
  }
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? doc.contents : doc.getIn(path.slice(0, depth - 1), true);
    const offset = offsetOf(pairOf(parent, path[depth - 1])?.key) ?? offsetOf(doc.getIn(path.slice(0, depth), true));
    if (offset !== undefined) return offset;
  }
  return 0;
};
