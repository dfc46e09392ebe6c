import { hash } from 'node:crypto';
import { atMost } from '../at-most.ts';
import { sentenceOf, Transient } from '../errors.ts';
import type { Evidence } from '../ports.ts';
import { patience } from './patience.ts';
import type { StepContext } from './step.ts';
import { WouldSend } from './stopped.ts';

/**
 * One thing to keep. `read` resolves with undefined where the thing does not exist; where it may well not exist
 * (`optional`), nobody is told. `large`: only a few of these are read and kept at a time.
 */
export type Exhibit = { name: string; read(): Promise<unknown>; optional?: true; large?: true };

/** How many large exhibits are held in memory at once: a pod may have a hundred containers, each with a long log. */
const MOST_LARGE = 2;

/**
 * The line of the manifest for one exhibit: its key and hash, or why it is missing. `again`: a later read may succeed,
 * since the time was up or what was asked did not answer then.
 */
export type Kept =
  | { name: string; key: string; sha256: string; size: number }
  | { name: string; missing: string; again?: true };

const bodyOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : `${JSON.stringify(value, null, 1)}\n`);

/**
 * Reads every exhibit and puts it under `folder`, all but large ones in parallel. An exhibit that cannot be read or kept
 * in time is named with the reason and stops nothing. `late` resolves when the time is up. An exhibit that is stored
 * already stays as it is, and the manifest gets the hash of the stored one.
 */
export const keepExhibits = async (
  evidence: Evidence,
  folder: string,
  exhibits: readonly Exhibit[],
  late: Promise<'late'>,
): Promise<Kept[]> => {
  const keep = async ({ name, read, optional }: Exhibit): Promise<Kept | undefined> => {
    try {
      const value = await read();
      if (value === undefined) return optional === true ? undefined : { name, missing: 'does not exist' };
      const body = bodyOf(value);
      const put = await evidence.put(`${folder}/${name}`, body);
      return { name, key: put.key, sha256: put.existed ? put.sha256 : hash('sha256', body), size: put.size };
    } catch (thrown) {
      if (thrown instanceof WouldSend) throw thrown;
      return { name, missing: sentenceOf(thrown), ...(thrown instanceof Transient ? { again: true } : {}) };
    }
  };
  const turn = atMost(MOST_LARGE);
  let isLate = false;
  const kept = await Promise.all(
    exhibits.map((exhibit) => {
      const given = late.then((): Kept => {
        isLate = true;
        return { name: exhibit.name, missing: 'not read in time', again: true };
      });
      const keeping = exhibit.large === true ? turn(async () => (isLate ? given : keep(exhibit))) : keep(exhibit);
      return Promise.race([keeping, given]);
    }),
  );
  return kept.filter((each) => each !== undefined);
};

/** Tells that the time for keeping evidence, ms, is up. */
export const lateAfter = async ({ after }: Pick<StepContext, 'after'>, ms: number): Promise<'late'> => {
  await patience(after, ms);
  return 'late';
};

/** How long a step waits for what it has kept: evidence that does not answer never holds up containment. */
const READ_MS = 5_000;

/** What is kept under a key; undefined where there is nothing, or where it cannot be read in time. */
export const readKept = (
  { evidence, after }: Pick<StepContext, 'evidence' | 'after'>,
  key: string,
): Promise<Uint8Array | undefined> =>
  Promise.race([evidence.get(key).catch(() => undefined), patience(after, READ_MS).then(() => undefined)]);

/** Names the missing exhibits in one sentence; undefined where none is missing. */
export const missingOf = (kept: readonly Kept[]): string | undefined => {
  const missing = kept.flatMap((k) => ('missing' in k ? [`${k.name} (${k.missing})`] : []));
  return missing.length === 0 ? undefined : `not kept: ${missing.join(', ')}`;
};
