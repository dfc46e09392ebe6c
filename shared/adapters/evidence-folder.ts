import { createHash, randomUUID } from 'node:crypto';
import { linkSync, unlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Denied, Malformed, Transient } from '../errors.ts';
import { once } from '../once.ts';
import type { Evidence } from '../ports.ts';
import { checkKeyPrefix, segmentsOf } from '../store/keys.ts';
import type { Synchronous } from '../store-setting.ts';

/** Folder in which bodies are written before they get their final name; `~` cannot occur in a key. */
const UNFINISHED = '~unfinished';
/** Age in ms after which an unfinished file counts as left behind by a crash. */
const ABANDONED_MS = 3_600_000;

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** Turns an error of the file system into one of Firebreak's; anything else is returned as it is. */
const wrapped = (thrown: unknown, key: string): unknown => {
  const code = codeOf(thrown);
  const sentence = `The evidence ${key} could not be kept or read (${code})`;
  if (['ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG'].includes(code)) {
    return new Malformed(`${sentence}: in a folder no key can lie below another, and names are short.`);
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new Denied(`${sentence}: check the permissions of the evidence folder.`, { cause: thrown });
  }
  if (code !== '') return new Transient(`${sentence}: check the disk, then try again.`, { cause: thrown });
  return thrown;
};

const attempt = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw wrapped(thrown, key);
  }
};

const synced = async (path: string, use: (file: FileHandle) => Promise<void>, flags: string, mode?: number) => {
  const file = await open(path, flags, mode);
  try {
    await use(file);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** How files are written: so that they survive a power cut, or only the end of the process. */
type Writing = {
  file(path: string, body: Uint8Array): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Called after a name was added to the folder. */
  named(folder: string): Promise<void>;
};
const WRITING: Readonly<Record<Synchronous, Writing>> = {
  full: {
    file: (path, body) => synced(path, (file) => file.writeFile(body), 'wx', 0o400),
    link,
    unlink,
    named: (folder) => synced(folder, async () => {}, 'r'),
  },
  normal: {
    // A synchronous write goes into the machine's memory, and takes less time than handing the work to another thread.
    file: async (path, body) => writeFileSync(path, body, { flag: 'wx', mode: 0o400 }),
    link: async (from, to) => linkSync(from, to),
    unlink: async (path) => unlinkSync(path),
    named: async () => {},
  },
};

/** Makes a folder and its missing parents. Each new name is on disk before anything is put below the folder. */
const makeFolder = async (folder: string, writing: Writing): Promise<void> => {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await writing.named(dirname(made));
};

const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(thrown))) return undefined;
    throw thrown;
  }
};

/**
 * Removes files that crashes left behind: those an hour older, by the file system's own clock, than the file just
 * written.
 */
const removeAbandoned = async (folder: string, fresh: string): Promise<void> => {
  const { mtimeMs } = await stat(fresh);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < mtimeMs - ABANDONED_MS) await unlink(path).catch(() => {});
  }
};

/**
 * Evidence as read-only files below the folder `root`, for one machine. A body is written and synced under another name
 * and then linked to its own; the file system lets only one such link succeed. After a crash at any point the key holds
 * the whole body or nothing. In a folder no key can lie below another (`a` and `a/b`): Malformed. With `synchronous:
 * 'normal'` the evidence survives the end of the process, but not a power cut.
 */
export const makeFolderEvidence = (options: { root: string; synchronous?: Synchronous }): Evidence => {
  const { root, synchronous = 'full' } = options;
  const writing = WRITING[synchronous];
  const unfinished = join(root, UNFINISHED);
  /** Folders that this process has made or found. Forgotten at the first error, since somebody may have removed one. */
  const made = new Map<string, () => Promise<void>>();
  let cleaned: Promise<void> | undefined;

  const makeOnce = (folder: string): Promise<void> => {
    const known = made.get(folder);
    if (known !== undefined) return known();
    const make = once(() => makeFolder(folder, writing));
    if (made.size >= 1000) made.clear();
    made.set(folder, make);
    return make();
  };

  const write = async (path: string, body: Uint8Array): Promise<'created' | 'existed'> => {
    await makeOnce(unfinished);
    await makeOnce(dirname(path));
    const temporary = join(unfinished, randomUUID());
    try {
      await writing.file(temporary, body);
      cleaned ??= removeAbandoned(unfinished, temporary);
      await cleaned;
      await writing.link(temporary, path);
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') return 'existed';
      made.clear();
      cleaned = undefined;
      throw thrown;
    } finally {
      await writing.unlink(temporary).catch(() => {});
    }
    await writing.named(dirname(path));
    return 'created';
  };

  const walk = async (segments: string[]): Promise<string[]> => {
    const entries = await readdir(join(root, ...segments), { withFileTypes: true }).catch((thrown: unknown) => {
      if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return [];
      throw thrown;
    });
    const found = entries.map(async (entry) => {
      if (entry.isDirectory() && entry.name !== UNFINISHED) return walk([...segments, entry.name]);
      return entry.isFile() ? [[...segments, entry.name].join('/')] : [];
    });
    return (await Promise.all(found)).flat();
  };

  return {
    put: (key, body) =>
      attempt(key, async () => {
        const path = join(root, ...segmentsOf(key));
        const existed = (await write(path, body)) === 'existed';
        const stored = existed ? await readFile(path) : body;
        const sha256 = createHash('sha256').update(stored).digest('hex');
        return { key, sha256, size: stored.length, existed };
      }),
    get: (key) => attempt(key, () => readIfThere(join(root, ...segmentsOf(key)))),
    list: (prefix) =>
      attempt(prefix, async () => {
        checkKeyPrefix(prefix);
        return (await walk(prefix.split('/').slice(0, -1))).filter((key) => key.startsWith(prefix)).sort();
      }),
  };
};
