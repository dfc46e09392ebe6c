import { createHash } from 'node:crypto';
import { sentenceOf } from '../errors.ts';
import type { Evidence } from '../ports.ts';
import { WouldSend } from './stopped.ts';

/** One thing to keep: read it, or say why not. */
export type Exhibit = { name: string; read(): Promise<unknown> };

/** What the manifest says of one exhibit. */
export type Kept = { name: string; key: string; sha256: string; size: number } | { name: string; missing: string };

const bodyOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : `${JSON.stringify(value, null, 1)}\n`);

const digest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/**
 * Reads every exhibit and puts it under `folder`, all at once; what cannot be read or kept in time is named with its
 * reason and stops nothing. `late` settles when the time is up. What is there already is kept as it is: the manifest
 * then has the hash of what is there.
 */
export const keepExhibits = async (
  evidence: Evidence,
  folder: string,
  exhibits: readonly Exhibit[],
  late: Promise<'late'>,
): Promise<Kept[]> => {
  const keep = async ({ name, read }: Exhibit): Promise<Kept> => {
    try {
      const value = await read();
      if (value === undefined) return { name, missing: 'does not exist' };
      const body = bodyOf(value);
      const put = await evidence.put(`${folder}/${name}`, body);
      return { name, key: put.key, sha256: put.existed ? put.sha256 : digest(body), size: put.size };
    } catch (thrown) {
      if (thrown instanceof WouldSend) throw thrown;
      return { name, missing: sentenceOf(thrown) };
    }
  };
  return Promise.all(
    exhibits.map((exhibit) => {
      const given = late.then((): Kept => ({ name: exhibit.name, missing: 'not read in time' }));
      return Promise.race([keep(exhibit), given]);
    }),
  );
};

/** What the manifest lacks, as one sentence; undefined where nothing is missing. */
export const missingOf = (kept: readonly Kept[]): string | undefined => {
  const missing = kept.flatMap((k) => ('missing' in k ? [`${k.name} (${k.missing})`] : []));
  return missing.length === 0 ? undefined : `not kept: ${missing.join(', ')}`;
};
