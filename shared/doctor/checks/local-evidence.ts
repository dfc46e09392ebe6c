import { fail, ofLocal, ok } from '../check.ts';
import { command } from '../next.ts';

/** Checks the folder in which the local stack keeps evidence. */
export const localEvidence = ofLocal<{ path: string; writable: boolean }>({
  id: 'local-evidence',
  does: 'The stack on this machine can write to the folder in which it keeps evidence.',
  read: ({ local }) => local.evidence(),
  judge: ({ path, writable }) => [
    writable ? ok(path, 'can be written to') : fail(path, 'cannot be written to', command('ls', '-ld', path)),
  ],
});
