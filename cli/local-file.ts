import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Malformed } from '../shared/errors.ts';

/** What `firebreak local` leaves for the other commands; more may stand in it. */
const localFile = z.looseObject({
  project: z.string().min(1),
  /** Where the Pub/Sub REST API answers. */
  bus: z.url(),
  /** The database file of the `incidents` database. */
  store: z.string().min(1),
  evidence: z.string().optional(),
  console: z.url().optional(),
  /** Where each function listens. */
  functions: z.record(z.string(), z.url()).default({}),
  /** The files that it decides by. */
  policy: z.string().optional(),
  rules: z.string().optional(),
  pid: z.number().int().positive().optional(),
  startedAt: z.string().optional(),
});
export type LocalFile = z.infer<typeof localFile> & { path: string };

const NAME = join('.firebreak', 'local.json');

const readIf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The local stack's file in `cwd` or the nearest folder above it; undefined where there is none. */
export const findLocalFile = (cwd: string): LocalFile | undefined => {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, NAME);
    const text = readIf(path);
    if (text !== undefined) return parse(path, text);
    if (dirname(folder) === folder) return undefined;
  }
};

const parse = (path: string, text: string): LocalFile => {
  try {
    return { ...localFile.parse(JSON.parse(text)), path };
  } catch (cause) {
    throw new Malformed(
      `${path} is not what \`firebreak local\` writes: stop it, remove the file and start it again.`,
      {
        cause,
      },
    );
  }
};
