import { type Fields, isFields, same } from './objects.ts';
import { failure } from './refusal.ts';

/** Lists that merge by a key, according to the types of the Kubernetes API. Every other list is replaced as a whole. */
const MERGE_KEYS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^metadata\.ownerReferences$/, 'uid'],
  [/(^|\.)spec\.(containers|initContainers|ephemeralContainers|volumes|imagePullSecrets)$/, 'name'],
  [/(^|\.)spec\.hostAliases$/, 'ip'],
  [/(^|\.)spec\.topologySpreadConstraints$/, 'topologyKey'],
  [/\.(containers|initContainers|ephemeralContainers)\.env$/, 'name'],
  [/\.(containers|initContainers|ephemeralContainers)\.ports$/, 'containerPort'],
  [/\.(containers|initContainers|ephemeralContainers)\.volumeMounts$/, 'mountPath'],
  [/\.(containers|initContainers|ephemeralContainers)\.volumeDevices$/, 'devicePath'],
  [/^status\.conditions$/, 'type'],
  [/^status\.addresses$/, 'type'],
  [/^(secrets|imagePullSecrets)$/, 'name'],
];
const SERVICE_PORTS = 'spec.ports';
const PRIMITIVE_SETS = /^metadata\.finalizers$/;

const keyOf = (kind: string, path: string): string | undefined => {
  if (kind === 'Service' && path === SERVICE_PORTS) return 'port';
  return MERGE_KEYS.find(([pattern]) => pattern.test(path))?.[1];
};

const mergeList = (kind: string, path: string, key: string, target: unknown, patch: unknown[]): unknown[] => {
  if (patch.some((item) => isFields(item) && item.$patch === 'replace' && Object.keys(item).length === 1)) {
    return patch.filter((item) => !(isFields(item) && item.$patch === 'replace'));
  }
  const merged: unknown[] = Array.isArray(target) ? [...target] : [];
  for (const item of patch) {
    if (!isFields(item) || item[key] === undefined) {
      throw failure(500, 'InternalError', `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const index = merged.findIndex((old) => isFields(old) && old[key] === item[key]);
    if (item.$patch === 'delete') {
      if (index >= 0) merged.splice(index, 1);
      continue;
    }
    const next = mergeFields(kind, path, index >= 0 ? merged[index] : {}, item);
    if (index >= 0) merged[index] = next;
    else merged.push(next);
  }
  return merged;
};

const mergeFields = (kind: string, path: string, target: unknown, patch: Fields): unknown => {
  const { $patch: directive, $retainKeys: retained, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return undefined;
  const merged: Fields = isFields(target) ? { ...target } : {};
  if (Array.isArray(retained)) {
    for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key];
  }
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice('$deleteFromPrimitiveList/'.length);
      const old = merged[name];
      const gone = Array.isArray(value) ? value : [];
      if (Array.isArray(old)) merged[name] = old.filter((x) => !gone.some((y) => same(x, y)));
      continue;
    }
    const inner = path === '' ? key : `${path}.${key}`;
    const next = mergeValue(kind, inner, merged[key], value);
    if (next === undefined) delete merged[key];
    else merged[key] = next;
  }
  return merged;
};

const mergeValue = (kind: string, path: string, target: unknown, value: unknown): unknown => {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    const key = keyOf(kind, path);
    if (key !== undefined) return mergeList(kind, path, key, target, value);
    if (PRIMITIVE_SETS.test(path)) return [...new Set([...(Array.isArray(target) ? target : []), ...value])];
    return value;
  }
  return isFields(value) ? mergeFields(kind, path, target, value) : value;
};

/** Strategic merge patch of a built-in kind: merges lists by their merge key and follows directives. */
export const strategicPatch = (kind: string, target: Fields, patch: Fields): unknown =>
  mergeFields(kind, '', target, patch);
