import { type ComputeResource, parseComputeUrl } from '../compute-url.ts';
import { Malformed, Transient } from '../errors.ts';
import type { Changed, Made } from '../model/compute.ts';
import { errorOf, isGone, isTaken } from './compute-failure.ts';
import { readOperation } from './compute-read.ts';

/** The project, and the zone or region, of a call; the operation that the call starts is found in the same place. */
export type Place = { project: string; zone?: string; region?: string };

/** Throws Malformed unless `ok`; the message says that `value` is not `what`. */
export const fits = (ok: boolean, what: string, value: unknown): void => {
  if (!ok) throw new Malformed(`not ${what}: ${JSON.stringify(value).slice(0, 300)}`);
};

/**
 * Parses the URL of a resource in this collection. Malformed for a URL of another collection, or one that is no valid
 * URL.
 */
export const checkedUrl = (url: string, collection: string): ComputeResource => {
  const at = parseComputeUrl(url);
  if (at?.collection === collection) return at;
  throw new Malformed(`not the URL of one of ${collection}: ${JSON.stringify(url.slice(0, 200))}`);
};

/** Throws Malformed unless the service would accept this request id: a UUID other than the zero UUID. */
export const checkRequestId = (id: string): void =>
  fits(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && /[1-9a-f]/.test(id), 'a request id', id);

/**
 * Makes a read that resolves with undefined if its target does not exist; `what` names the target in error messages.
 */
export const orUndefined = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await call();
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw errorOf(thrown, what);
  }
};

/** Changes a resource that must exist; gives 'gone' if it does not. */
export const changed = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Changed> => {
  const reply = await orUndefined(what, async () => ({ reply: await call() }));
  return reply === undefined ? 'gone' : readOperation(place, reply.reply);
};

/** Creates a resource; gives 'exists' if its name is taken, and 'gone' if something that it needs does not exist. */
export const made = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Made> => {
  try {
    return readOperation(place, await call());
  } catch (thrown) {
    if (isTaken(thrown)) return 'exists';
    if (isGone(thrown)) return 'gone';
    throw errorOf(thrown, what);
  }
};

/** One page of a listing; `next` is the token for the page after it. */
type Page<T> = { items: T[]; next: string | undefined };

/** All items of a listing, over all its pages. Throws Transient for a listing that has not ended after 1,000 pages. */
export const allPages = async <T>(page: (from: { pageToken?: string }) => Promise<Page<T>>): Promise<T[]> => {
  const all: T[] = [];
  let from: { pageToken?: string } = {};
  for (let pages = 0; pages < 1000; pages += 1) {
    const { items, next } = await page(from);
    all.push(...items);
    if (next === undefined || next === '') return all;
    from = { pageToken: next };
  }
  throw new Transient('the listing has no end');
};
