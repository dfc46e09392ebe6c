import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './alive.ts';

/** What a running stack leaves for the other commands, as `local.json` in its folder. Paths are absolute. */
export type Announcement = {
  project: string;
  /** Origin of the Pub/Sub REST API. */
  bus: string;
  /** Database file of the incidents. */
  store: string;
  /** Folder of the evidence. */
  evidence: string;
  /** Address of the console, where one runs. */
  console?: string;
  /** Address of each function. */
  functions: Readonly<Record<string, string>>;
  /** The files that the functions decide by. */
  policy: string;
  rules: string;
  pid: number;
  startedAt: string;
};

const NAME = 'local.json';
const announced = z.looseObject({ pid: z.number().int().positive() });

/**
 * The folder of a stack, made where it is not there.
 *
 * @throws Error where a stack that still runs has announced itself there.
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

/** Moves what an earlier run has left into `previous`, in place of what the one before that had left. */
export const setAside = async (dir: string, names: RegExp): Promise<void> => {
  const left = (await readdir(dir)).filter((name) => names.test(name));
  if (left.length === 0) return;
  const previous = join(dir, 'previous');
  await rm(previous, { recursive: true, force: true });
  await mkdir(previous, { mode: 0o700 });
  for (const name of left) await rename(join(dir, name), join(previous, name));
};

/** Writes the announcement so that a reader finds it whole or not at all. Gives what takes it back. */
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
