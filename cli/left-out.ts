import { Newer, sentenceOf } from '../shared/errors.ts';
import type { Io } from './io.ts';

/**
 * Says on stderr, once for each document, that a listing leaves it out because it cannot be read. The exit code is 1
 * then: whoever reads the list must know that it is not whole.
 */
export const tellLeftOut = ({ stderr, setExit }: Pick<Io, 'stderr' | 'setExit'>) => {
  const told = new Set<string>();
  return (collection: string, id: string, because: Error): void => {
    setExit(1);
    if (told.has(`${collection}/${id}`)) return;
    told.add(`${collection}/${id}`);
    const next = because instanceof Newer ? ' Use the `firebreak` of the version that is deployed.' : '';
    stderr.write(`firebreak: left out: ${sentenceOf(because)}${next}\n`);
  };
};
