import type { Undone } from './step.ts';

/**
 * The answer of an undo whose object is gone, as `gone` says: its change went with it, which is what a release wants.
 */
export const nothingLeft = (gone: string): Undone => ({
  outcome: 'undone',
  because: `${gone}: nothing is left to take back`,
});
