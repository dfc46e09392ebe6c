import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../scripts/build/bundle.ts';
import { startFiles } from '../../scripts/build/start-files.ts';
import { Conflict, Denied, Malformed, Transient } from '../../shared/errors.ts';

const OURS = new Map(Object.entries({ Conflict, Denied, Malformed, Transient }));

/**
 * Ports that rethrow the bundle's errors as this process' own classes: the bundle has its own copies of the error
 * classes.
 */
export const withOurErrors = <Ports extends object>(ports: Ports): Ports =>
  new Proxy(ports, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(call, target, args);
        } catch (thrown) {
          const Ours = thrown instanceof Error ? OURS.get(thrown.name) : undefined;
          throw thrown instanceof Error && Ours !== undefined ? new Ours(thrown.message, { cause: thrown }) : thrown;
        }
      };
    },
  });

/** The exports of a module of the checkout, built as in an archive and unpacked into `folder`. */
export const loadBuilt = async (entry: string, folder: string) => {
  const { files } = await bundle(entry);
  for (const [name, contents] of [...files, ...startFiles()]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
  const { load } = await import(pathToFileURL(join(folder, 'load.mjs')).href);
  return load(join(folder, 'main.js'));
};
