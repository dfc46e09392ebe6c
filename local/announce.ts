import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './alive.ts';

/** What a running stack tells the other commands, in `local.json` in its folder. Paths are absolute. */
export type Announcement = {
  project: string;
  /** Origin of the Pub/Sub REST API. */
  bus: string;
  /** Database file of the incidents. */
  store: string;
  /** Folder of the evidence. */
  evidence: string;
  /** Address of the console, if one runs. */
  console?: string;
  /** Address of each function. */
  functions: Readonly<Record<string, string>>;
  /** The files with the policy and the rules that the functions use. */
  policy: string;
  rules: string;
  pid: number;
  startedAt: string;
};

const NAME = 'local.json';
const announced = z.looseObject({ pid: z.number().int().positive() });

/**
 * Claims the folder of a stack and makes it if it does not exist.
 *
 * @throws Error if a stack that still runs has announced itself there.
 */
export const claimFolder = async (dir: string): Promise<void> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const text = await readFile(join(dir, NAME), 'utf8').catch(() => '{}');
  const before = announced.safeParse(parse(text));
  if (before.success && isAlive(before.data.pid)) {
    const { pid } = before.data;
    throw new Error(`A stack runs in ${dir} already (process ${pid}): stop it first, or start this one elsewhere.`);
  }
};

/** Moves the files of an earlier run into `previous`, replacing the files of the run before that. */
export const setAside = async (dir: string, names: RegExp): Promise<void> => {
  const left = (await readdir(dir)).filter((name) => names.test(name));
  if (left.length === 0) return;
  const previous = join(dir, 'previous');
  await rm(previous, { recursive: true, force: true });
  await mkdir(previous, { mode: 0o700 });
  for (const name of left) await rename(join(dir, name), join(previous, name));
};

/**
 * Writes the announcement in one step, so that a reader finds all of it or none. Returns a function that removes it.
 */
export const announce = async (dir: string, announcement: Announcement): Promise<() => Promise<void>> => {
  const path = join(dir, NAME);
  const unfinished = `${path}.${announcement.pid}`;
  await writeFile(unfinished, `${JSON.stringify(announcement, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, path);
  return () => rm(path, { force: true });
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
