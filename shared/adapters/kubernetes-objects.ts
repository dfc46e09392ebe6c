import { z } from 'zod';
import { Transient } from '../errors.ts';
import { type KubeObject, kubeObject } from '../kubernetes/object.ts';
import { errorOf, messageOf } from './kubernetes-errors.ts';
import type { Wire } from './kubernetes-wire.ts';

/** The most pages of a list: a server that gives more is not to be trusted. */
const PAGE_LIMIT = 1_000;
/**
 * The most bytes of a page. An object may have more than a MiB, and whoever may make objects could fill the memory of a
 * function with them.
 */
const PAGE_BYTES = 8 * 1024 * 1024;

const listBody = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }),
  items: z.array(z.record(z.string(), z.unknown())),
});

/** Reads one object from an answer; Transient if it is not an object. */
export const objectOf = (body: unknown, doing: string): KubeObject => {
  const parsed = kubeObject.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Transient(`Kubernetes answered ${doing} with no object: ${issue?.path.join('.')} ${issue?.message}`);
};

type Listing = {
  path: string;
  query: Record<string, string>;
  /** Objects in a page, unless they are so large that it would be longer than is read at once. */
  pageSize: number;
  /** Characters of JSON after which the listing ends. */
  most: number;
  of: { apiVersion: string; kind: string };
  doing: string;
};

/** Looks at the objects of a page. */
export type Look = (page: KubeObject[]) => Promise<void> | void;

/**
 * Gives the objects of a listing to `look`, page by page, and holds none that it has seen: `cut` if it ended before the
 * last one, because it has too many or one is too large. Transient if the pages expire on the way: the caller then reads
 * the whole list again.
 */
export const eachPage = async (
  wire: Wire,
  { path, query, pageSize, most, of, doing }: Listing,
  look: Look,
): Promise<'whole' | 'cut'> => {
  let limit = pageSize;
  let next: string | undefined;
  let size = 0;
  for (let page = 0; page < PAGE_LIMIT; page += 1) {
    const asked = { ...query, limit: String(limit), ...(next === undefined ? {} : { continue: next }) };
    const answer = await wire({ method: 'GET', path, query: asked, maxBytes: PAGE_BYTES });
    if (answer.status === 410) throw new Transient(`The pages of ${doing} lapsed: ${messageOf(answer)}`);
    if (answer.status !== 200) throw errorOf(answer, doing);
    if (answer.cut === true) {
      if (limit === 1) return 'cut';
      limit = Math.ceil(limit / 10);
      continue;
    }
    const parsed = listBody.safeParse(answer.body);
    if (!parsed.success) throw new Transient(`Kubernetes answered ${doing} with no list.`);
    // Items of a list lack apiVersion and kind, which the list states once for all of them.
    await look(parsed.data.items.map((item) => objectOf({ ...item, apiVersion: of.apiVersion, kind: of.kind }, doing)));
    next = parsed.data.metadata.continue;
    if (next === undefined || next === '') return 'whole';
    const length = JSON.stringify(parsed.data.items).length;
    size += length;
    if (size >= most) return 'cut';
    // After a few large objects the others are read in large pages again.
    if (length < PAGE_BYTES / 20) limit = Math.min(pageSize, 10 * limit);
  }
  throw new Transient(`The pages of ${doing} did not end after ${PAGE_LIMIT}.`);
};
