import type { Entry } from '../model/entry.ts';
import { begunAgain } from './begun-again.ts';
import type { BoundStep } from './bound-step.ts';
import type { Start } from './start.ts';
import { type Book, type WorkContext, workOn } from './work.ts';

/** Works on an entry from the given start. */
export const workFrom = async (
  { again }: Start,
  bound: BoundStep,
  context: WorkContext,
  book: Book,
  rev: number,
): Promise<Entry> => {
  const known = book.entry();
  if (again && known !== undefined && !context.dry) {
    const first = await begunAgain(known, bound, context, rev);
    await book.save(first);
    if (first.state !== 'applying') return first;
  }
  return workOn(bound, context, book, rev);
};
