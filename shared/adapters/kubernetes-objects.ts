import { z } from 'zod';
import { Transient } from '../errors.ts';
import { type KubeObject, kubeObject } from '../kubernetes/object.ts';
import { errorOf, messageOf } from './kubernetes-errors.ts';
import type { Wire } from './kubernetes-wire.ts';

/** The most pages of a list: a server that gives more is not to be trusted. */
const PAGE_LIMIT = 1_000;

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

type ListedAs = { apiVersion: string; kind: string; limitBytes?: number };
type Listing = { path: string; query: Record<string, string>; of: ListedAs; doing: string };

/**
 * Every object of a listing, over all its pages, or those up to the page that reaches its limit. Transient if the pages
 * expire on the way: the caller then reads the whole list again.
 */
export const listPages = async (wire: Wire, { path, query, of, doing }: Listing): Promise<KubeObject[]> => {
  const objects: KubeObject[] = [];
  let next: string | undefined;
  let size = 0;
  for (let page = 0; page < PAGE_LIMIT; page += 1) {
    const answer = await wire({
      method: 'GET',
      path,
      query: next === undefined ? query : { ...query, continue: next },
    });
    if (answer.status === 410) throw new Transient(`The pages of ${doing} lapsed: ${messageOf(answer)}`);
    if (answer.status !== 200) throw errorOf(answer, doing);
    const parsed = listBody.safeParse(answer.body);
    if (!parsed.success) throw new Transient(`Kubernetes answered ${doing} with no list.`);
    // Items of a list lack apiVersion and kind, which the list states once for all of them.
    for (const item of parsed.data.items)
      objects.push(objectOf({ ...item, apiVersion: of.apiVersion, kind: of.kind }, doing));
    next = parsed.data.metadata.continue;
    if (next === undefined || next === '') return objects;
    if (of.limitBytes === undefined) continue;
    size += JSON.stringify(parsed.data.items).length;
    if (size >= of.limitBytes) return objects;
  }
  throw new Transient(`The pages of ${doing} did not end after ${PAGE_LIMIT}.`);
};
