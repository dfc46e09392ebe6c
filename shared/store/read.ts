import type { z } from 'zod';
import { toDotPath } from 'zod/v4/core';
import { Malformed, Newer, sentenceOf } from '../errors.ts';
import { isObject, jsonOf } from '../json.ts';
import { isOfNewer } from './of-newer.ts';

type Json = Record<string, unknown>;

/**
 * Puts back the fields that a schema dropped, at any depth, so that an older function does not lose fields of a
 * document that a newer release of the same `v` has written.
 */
const keepUnknown = (parsed: unknown, json: unknown): void => {
  if (parsed === json) return;
  if (Array.isArray(parsed) && Array.isArray(json)) {
    parsed.forEach((item, i) => {
      keepUnknown(item, json[i]);
    });
  } else if (isObject(parsed) && isObject(json)) {
    for (const [key, value] of Object.entries(json)) {
      if (Object.hasOwn(parsed, key)) keepUnknown(parsed[key], value);
      else Object.defineProperty(parsed, key, { value, enumerable: true, configurable: true, writable: true });
    }
  }
};

type ReaderOptions<T> = {
  collection: string;
  schema: z.ZodType<T>;
  version: number;
  upgrade?: (older: Json) => unknown;
};

/**
 * Reads a stored body into a document. Throws Newer for a newer `v`, or for something in it that only a newer release
 * knows. Throws Malformed if the body is no JSON object, has no readable version, or is otherwise refused by the schema.
 * The error names the id and does not quote the content.
 */
export const makeReader = <T>({ collection, schema, version, upgrade }: ReaderOptions<T>) => {
  const current = (id: string, stored: Json): unknown => {
    const v = stored.v;
    if (typeof v !== 'number') throw new Malformed(`${collection}/${id} carries no version.`);
    if (v > version) {
      throw new Newer(`${collection}/${id} has version ${v}, newer than the ${version} that this release reads.`);
    }
    if (v === version) return stored;
    if (upgrade === undefined) {
      throw new Malformed(`${collection}/${id} has version ${v}, which this release does not read.`);
    }
    try {
      return upgrade(stored);
    } catch (thrown) {
      throw new Malformed(`${collection}/${id} of version ${v} could not be upgraded: ${sentenceOf(thrown)}`);
    }
  };

  return (id: string, body: string): T => {
    const stored = jsonOf(body);
    if (!isObject(stored)) throw new Malformed(`${collection}/${id} is not a JSON object.`);
    const value = current(id, stored);
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const at = issue === undefined ? '' : ` at ${toDotPath(issue.path) || 'its top'}`;
      if (isOfNewer(parsed.error, value))
        throw new Newer(`${collection}/${id} has something${at} that this release does not know: a newer one may.`);
      throw new Malformed(`${collection}/${id} cannot be read${at}: ${issue?.message ?? 'no reason given'}`);
    }
    keepUnknown(parsed.data, value);
    return parsed.data;
  };
};
