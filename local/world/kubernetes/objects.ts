import type { KubeObject } from '../../../shared/kubernetes/object.ts';

/** A JSON object with unknown fields. */
export type Fields = Record<string, unknown>;

type Owner = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean | undefined;
  blockOwnerDeletion?: boolean;
};

/** An object in the store. It is never changed in place: a change puts a new object under the same key. */
export type Obj = KubeObject;

/** Whether a value is a JSON object (not an array, not null). */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of field names; undefined if the path breaks off. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isFields(inner) ? inner[key] : undefined), value);

/** The text at a path; undefined if there is none. */
export const textAt = (value: unknown, ...path: string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
};

/** The number at a path; undefined if there is none. */
export const numberAt = (value: unknown, ...path: string[]): number | undefined => {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
};

/** The JSON object at a path; an empty object if there is none. */
export const fieldsAt = (value: unknown, ...path: string[]): Fields => {
  const found = at(value, ...path);
  return isFields(found) ? found : {};
};

/** The JSON objects in the list at a path; empty if there is no list. */
export const listAt = (value: unknown, ...path: string[]): Fields[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : [];
};

/** The texts by key at a path (labels, selectors, node selectors). */
export const textsAt = (value: unknown, ...path: string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsAt(value, ...path)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );

/** Whether two JSON values are equal, ignoring the order of keys. */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
  if (!isFields(a) || !isFields(b)) return false;
  return (
    Object.keys(a).every((key) => same(a[key], b[key])) &&
    Object.keys(b).every((key) => key in a || b[key] === undefined)
  );
};

/** The differences between two JSON values, by dotted path. A list is compared as a whole. */
export const difference = (from: unknown, to: unknown, path = ''): Record<string, { from: unknown; to: unknown }> => {
  if (same(from, to)) return {};
  if (!isFields(from) || !isFields(to)) return { [path]: { from, to } };
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    Object.assign(changes, difference(from[key], to[key], path === '' ? key : `${path}.${key}`));
  }
  return changes;
};

/** The reference to an object's controller; undefined if it has none. */
export const controllerOf = (object: Obj): Owner | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);

/** An owner reference to a controller, in the form that controllers write into objects they create. */
export const controlledBy = (owner: Obj): Owner => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** A time in Kubernetes' form: UTC, whole seconds. */
export const stampOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
