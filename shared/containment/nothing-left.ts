import type { Undone } from './step.ts';

/**
 * The answer of an undo whose object is gone, as `gone` says: its change went with it, which is what a release wants.
 */
export const nothingLeft = (gone: string): Undone => ({
  outcome: 'undone',
  because: `${gone}: nothing is left to take back`,
});

/**
 * The answer of an undo whose change still stands, although its calls have ended: Compute Engine said of one that its
 * object is gone, or knows its operation no more.
 */
export const stillThere = (what: string): Undone => ({
  outcome: 'given-up',
  because: `${what}, although Compute Engine has answered every call to take that back`,
});

/**
 * The answer of an undo where our mark is not on the object: the change was stopped before it was sent, or somebody has
 * taken it back. What is there is not ours to change.
 */
export const notOurs = (what: string): Undone => ({
  outcome: 'undone',
  because: `our mark is not on ${what}: it is left as it is`,
});
