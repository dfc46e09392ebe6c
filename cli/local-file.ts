import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Malformed } from '../shared/errors.ts';

/** The file that `firebreak local` writes for the other commands. It may contain further fields. */
const localFile = z.looseObject({
  project: z.string().min(1),
  /** Address of the Pub/Sub REST API. */
  bus: z.url(),
  /** Path of the file with the `incidents` database. */
  store: z.string().min(1),
  evidence: z.string().optional(),
  console: z.url().optional(),
  /** Address of each function. */
  functions: z.record(z.string(), z.url()).default({}),
  /** Paths of the policy and the rules that the stack uses. */
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

/** The local stack's file in `cwd` or the nearest folder above it; undefined if there is none. */
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
