import { at, type Fields, isFields, same } from './objects.ts';
import { badRequest, failure } from './refusal.ts';

/** JSON merge patch (RFC 7386): null removes a field, and a list is replaced as a whole. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isFields(patch)) return patch;
  const merged: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
};

/** The real server does not tell the reason: `_why` is only for readers of this code. */
const unprocessable = (_why: string) =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

const tokensOf = (pointer: string): string[] => {
  if (pointer !== '' && !pointer.startsWith('/')) throw unprocessable(`invalid JSON pointer: ${pointer}`);
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
};

const read = (document: unknown, tokens: string[]): unknown =>
  tokens.reduce<unknown>((inner, token) => {
    if (Array.isArray(inner)) return inner[Number(token)];
    return isFields(inner) && Object.hasOwn(inner, token) ? inner[token] : undefined;
  }, document);

const missing = (op: string, path: string) =>
  unprocessable(`${op} operation does not apply: doc is missing path: "${path}": missing value`);

type Edit = { op: 'add' | 'replace' | 'remove'; path: string; value?: unknown };

const write = (document: unknown, tokens: string[], edit: Edit): unknown => {
  const [token, ...rest] = tokens;
  if (token === undefined) return edit.value;
  if (Array.isArray(document)) {
    const list = [...document];
    const index = token === '-' ? list.length : Number(token);
    const last = edit.op === 'add' ? list.length : list.length - 1;
    if (!Number.isInteger(index) || index < 0 || index > last) throw missing(edit.op, edit.path);
    if (rest.length > 0) list[index] = write(list[index], rest, edit);
    else if (edit.op === 'add') list.splice(index, 0, edit.value);
    else if (edit.op === 'remove') list.splice(index, 1);
    else list[index] = edit.value;
    return list;
  }
  if (!isFields(document)) throw missing(edit.op, edit.path);
  if ((rest.length > 0 || edit.op !== 'add') && !Object.hasOwn(document, token)) throw missing(edit.op, edit.path);
  const copy: Fields = { ...document };
  if (rest.length > 0) copy[token] = write(document[token], rest, edit);
  else if (edit.op === 'remove') delete copy[token];
  else copy[token] = edit.value;
  return copy;
};

/**
 * JSON patch (RFC 6902). Applies the whole patch or nothing: 400 if the body is not a list of operations, 422 if an
 * operation does not apply or a test fails.
 */
export const jsonPatch = (document: unknown, patch: unknown): unknown => {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  return patch.reduce<unknown>((target, operation: unknown) => {
    const op = at(operation, 'op');
    const path = at(operation, 'path');
    const value = at(operation, 'value');
    if (typeof path !== 'string') throw unprocessable('a patch operation without a path');
    const tokens = tokensOf(path);
    if (op === 'test') {
      if (same(read(target, tokens), value)) return target;
      throw unprocessable(`testing value ${path} failed`);
    }
    if (op === 'add' || op === 'replace' || op === 'remove') return write(target, tokens, { op, path, value });
    if (op === 'move' || op === 'copy') {
      const from = at(operation, 'from');
      if (typeof from !== 'string') throw unprocessable(`${op} operation without a from`);
      const moved = read(target, tokensOf(from));
      if (moved === undefined) throw missing(op, from);
      const rest = op === 'move' ? write(target, tokensOf(from), { op: 'remove', path: from }) : target;
      return write(rest, tokens, { op: 'add', path, value: moved });
    }
    throw unprocessable(`unexpected kind: ${String(op)}`);
  }, document);
};
