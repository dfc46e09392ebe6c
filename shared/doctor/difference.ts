import { alike } from '../alike.ts';
import { isObject } from '../json.ts';
import type { Loose } from '../kubernetes/loose.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Manifest } from '../kubernetes/rbac-manifests.ts';

/**
 * The path of the first value of `wanted` that is missing or different in `found`; undefined if there is none. Fields
 * that only `found` has do not count, because a server adds defaults. Lists must have the same items in the same order.
 */
const lacks = (wanted: unknown, found: unknown, path: string): string | undefined => {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return path;
    return wanted.map((one, at) => lacks(one, found[at], `${path}[${at}]`)).find((where) => where !== undefined);
  }
  if (!isObject(wanted)) return wanted === found ? undefined : path;
  if (!isObject(found)) return path;
  return Object.entries(wanted)
    .map(([key, value]) => lacks(value, found[key], path === '' ? key : `${path}.${key}`))
    .find((where) => where !== undefined);
};

/** Fields that grant something. They must match exactly, because a superfluous entry would grant more. */
const GRANTS = ['rules', 'subjects', 'roleRef', 'aggregationRule'];

/** The first field in which an object of a cluster differs from its manifest; undefined if none does. */
export const differenceOf = (manifest: Manifest, found: KubeObject): string | undefined => {
  const { metadata, ...fields } = manifest;
  const live: Loose = found;
  const grant = GRANTS.find((field) => !alike(manifest[field], live[field]));
  return grant ?? lacks({ ...fields, metadata: { labels: metadata.labels } }, live, '');
};
