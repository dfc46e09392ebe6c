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
