import { at, type Loose, records, text } from './loose.ts';

/** The bodies of a call that writes an object. */
type Bodies = { request?: Loose | undefined; response?: Loose | undefined };

/**
 * The value that the request of a call writes at a path: `null` where a patch removes it, undefined where the request
 * does not mention it. The request may be an object, a merge patch or a list of operations (RFC 6902), of which the
 * last counts.
 */
export const writtenAt = ({ request, response }: Bodies, ...path: string[]): unknown => {
  if (!Array.isArray(request?.patch)) return mergedAt(request, path);
  let said: unknown;
  for (const { op, path: to, from, value } of records(request.patch)) {
    if (op === 'move' && restOf(path, from) !== undefined) said = null;
    const rest = restOf(path, to);
    // An operation on a part of the value, such as one entry of a list: only the response has the whole.
    if (rest === undefined && op !== 'test' && isWithin(path, to)) said = at(response, ...path);
    if (rest === undefined) continue;
    if (op === 'add' || op === 'replace') said = at(value, ...rest);
    else if (op === 'remove') said = null;
    // The value comes from another place of the object: only the response has it.
    else if (op === 'copy' || op === 'move') said = at(response, ...path);
  }
  return said;
};

/** The value at a path of a merge patch, in which `null` removes a field with everything in it. */
const mergedAt = (body: Loose | undefined, path: readonly string[]): unknown => {
  let held: unknown = body;
  for (const key of path) {
    if (held === null) return null;
    held = at(held, key);
  }
  return held;
};

/** Whether a JSON pointer leads into the value at a path. */
const isWithin = (path: readonly string[], pointer: unknown): boolean => {
  const keys = keysOf(pointer, path.length + 1);
  return keys !== undefined && keys.length > path.length && path.every((key, index) => key === keys[index]);
};

/** The rest of a path below a JSON pointer; undefined where the pointer leads elsewhere. */
const restOf = (path: readonly string[], pointer: unknown): string[] | undefined => {
  if (pointer === '') return [...path];
  const within = keysOf(pointer, path.length + 1);
  if (within === undefined || within.length > path.length) return undefined;
  return within.every((key, index) => key === path[index]) ? path.slice(within.length) : undefined;
};

/** The keys of a JSON pointer, the first `most` of them; undefined for what is none, or leads to the whole object. */
const keysOf = (pointer: unknown, most: number): string[] | undefined => {
  const keys = (text(pointer) ?? '').split('/', most + 1);
  const [root, ...within] = keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return root !== '' || within.length === 0 ? undefined : within;
};

/** More operations than anybody writes, and deeper than any field that is read. */
const MAX_OPERATIONS = 500;
const MAX_DEPTH = 16;
const PLACE_IN_LIST = /^(?:-|\d{1,9})$/;

/**
 * What a list of operations (RFC 6902) sets, each as a merge patch of its own; none for any other body. It stands in
 * where no body shows the object, since a refused call has no answer. A list in it has only the entry that is set.
 */
export const mergesOf = (request: Loose | undefined): Loose[] =>
  records(records(request?.patch).slice(0, MAX_OPERATIONS).map(mergeOf));

const mergeOf = ({ op, path, value }: Loose): unknown => {
  const keys = path === '' ? [] : keysOf(path, MAX_DEPTH + 1);
  if ((op !== 'add' && op !== 'replace') || keys === undefined || keys.length > MAX_DEPTH) return undefined;
  return keys.reduceRight((held, key) => (PLACE_IN_LIST.test(key) ? [held] : { [key]: held }), value);
};

/** Whether an operation only looks at a field of the object, or takes away a field or an entry of a list in it. */
const addsNothing = ({ op, path }: Loose): boolean =>
  op === 'test' || (op === 'remove' && (text(path) ?? '').split('/', 4).length <= 3);

/**
 * Whether operations (RFC 6902) set one of these fields of the object, or change anything in an entry of it; true also
 * for a list without any operation that can be read. Whole entries that are taken away do not count.
 */
export const changesAny = (operations: readonly unknown[], fields: readonly string[]): boolean => {
  const read = records(operations);
  const changed = read.filter((one) => !addsNothing(one)).map(({ path }) => (text(path) ?? '').split('/', 2)[1]);
  return read.length === 0 || changed.some((field) => field === undefined || fields.includes(field));
};
