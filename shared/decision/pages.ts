import type { DocStore, ListQuery } from '../ports.ts';

/** Every document of a listing, page by page. */
export async function* allOf<T>(store: Pick<DocStore<T>, 'list'>, query: ListQuery): AsyncGenerator<T, void> {
  let after: string | undefined;
  do {
    const page = await store.list(query, after === undefined ? {} : { after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** The same as a list, where all documents are needed at once. */
export const everyOf = async <T>(store: Pick<DocStore<T>, 'list'>, query: ListQuery): Promise<T[]> => {
  const found: T[] = [];
  for await (const one of allOf(store, query)) found.push(one);
  return found;
};
