import { type ComputeState, partial } from './state.ts';

type Change = Record<string, { from: unknown; to: unknown }>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isListOfValues = (value: unknown): boolean => Array.isArray(value) && !value.some(isObject);

const diff = (from: unknown, to: unknown, path: string, change: Change): void => {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (!isObject(from) || !isObject(to) || (isListOfValues(from) && isListOfValues(to))) {
    change[path] = { from, to };
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (/fingerprint$/i.test(key)) continue;
    diff(from[key], to[key], path === '' ? key : `${path}.${key}`, change);
  }
};

/** The difference between two states of a resource. Fingerprints are left out, since they follow from the content. */
const changeBetween = (from: unknown, to: unknown): Change => {
  const change: Change = {};
  diff(from, to, '', change);
  return change;
};

/** A resource's name for the log, from its URL: `instances europe-west1-b/n1`, or `firewalls f1` for a global one. */
const objectName = (url: string): string => {
  const [, , scope, ...rest] = partial(url).split('/');
  return scope === 'global' ? `${rest[0]} ${rest[1]}` : `${rest[1]} ${rest[0]}/${rest[2]}`;
};

/** The actor of a change, and the name of the change. */
export type By = { actor: string; verb: string };

/**
 * Applies `change` to a resource in place and records the actual difference. For a resource that is created or deleted,
 * the caller uses `recordPresence`.
 */
export const alter = <T extends { id: string; selfLink: string }>(
  state: ComputeState,
  by: By,
  resource: T,
  change: (resource: T) => void,
): void => {
  const before = structuredClone(resource);
  change(resource);
  state.log.record({
    at: state.time(),
    api: 'compute',
    ...by,
    object: objectName(resource.selfLink),
    uid: resource.id,
    change: changeBetween(before, structuredClone(resource)),
  });
};

/** Records that a resource was created or deleted. */
export const recordPresence = (
  state: ComputeState,
  by: By,
  resource: { id: string; selfLink: string },
  is: 'there' | 'gone',
): void =>
  state.log.record({
    at: state.time(),
    api: 'compute',
    ...by,
    object: objectName(resource.selfLink),
    uid: resource.id,
    change: { presence: is === 'there' ? { from: 'absent', to: 'present' } : { from: 'present', to: 'absent' } },
  });
