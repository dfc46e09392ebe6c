import { type ComputeResource, parseComputeUrl } from '../compute-url.ts';
import { Malformed, Transient } from '../errors.ts';
import type { Changed, Made } from '../model/compute.ts';
import { errorOf, isGone, isTaken } from './compute-failure.ts';
import { readOperation } from './compute-read.ts';

/** Where a call is made, and so where its operation is found. */
export type Place = { project: string; zone?: string; region?: string };

/** Throws Malformed, naming what was wrong, unless `ok`. */
export const fits = (ok: boolean, what: string, value: unknown): void => {
  if (!ok) throw new Malformed(`not ${what}: ${JSON.stringify(value).slice(0, 300)}`);
};

/** A URL of this collection; Malformed where it is another, or breaks the platform's grammar. */
export const checkedUrl = (url: string, collection: string): ComputeResource => {
  const at = parseComputeUrl(url);
  if (at?.collection === collection) return at;
  throw new Malformed(`not the URL of one of ${collection}: ${JSON.stringify(url.slice(0, 200))}`);
};

/** Throws Malformed unless the service would take it: a UUID, and not the zero UUID. */
export const checkRequestId = (id: string): void =>
  fits(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && /[1-9a-f]/.test(id), 'a request id', id);

/** A read that gives undefined for what is not there; `what` names it in an error. */
export const orUndefined = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await call();
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw errorOf(thrown, what);
  }
};

/** A change of something that must be there. */
export const changed = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Changed> => {
  const reply = await orUndefined(what, async () => ({ reply: await call() }));
  return reply === undefined ? 'gone' : readOperation(place, reply.reply);
};

/** The making of something under a name that may be taken. */
export const made = async (what: string, place: Place, call: () => Promise<unknown>): Promise<Made> => {
  try {
    return readOperation(place, await call());
  } catch (thrown) {
    if (isTaken(thrown)) return 'exists';
    if (isGone(thrown)) return 'gone';
    throw errorOf(thrown, what);
  }
};

/** One page of a listing; `next` gets the page after it. */
type Page<T> = { items: T[]; next: string | undefined };

/** All items of a listing, however many pages; a listing that has no end after 1,000 of them is Transient. */
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
