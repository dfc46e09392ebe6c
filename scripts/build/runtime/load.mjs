const { readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { dirname, join } = process.getBuiltinModule('node:path');
const { Script } = process.getBuiltinModule('node:vm');
const { crc32 } = process.getBuiltinModule('node:zlib');

// Loads the scripts of this package, each with the code that V8 made of it before, where that was kept: see
// compile.mjs.

const HEAD = '(function (exports, require, module, __filename, __dirname) {';
/** By path: what a script exports, and V8 of it. */
export const loaded = new Map();

/** Where the code of a script is kept: after four bytes that tell of which bytes it is. */
const keptIn = (file) => `${file}.v8`;

const keptOf = (file, bytes) => {
  try {
    const kept = readFileSync(keptIn(file));
    return kept.readUInt32LE(0) === crc32(bytes) ? kept.subarray(4) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What a script exports; it runs once. V8 itself refuses code of another version or with other flags, and compiles
 * then.
 */
export const load = (file) => {
  const known = loaded.get(file);
  if (known !== undefined) return known.module.exports;
  const bytes = readFileSync(file);
  // Nothing but ASCII is in it.
  const script = new Script(`${HEAD}${bytes.latin1Slice()}\n})`, {
    filename: file,
    columnOffset: -HEAD.length,
    cachedData: keptOf(file, bytes),
  });
  const module = { exports: {} };
  loaded.set(file, { module, script });
  const requirePackage = createRequire(file);
  const require = (name) => (name.startsWith('.') ? load(join(dirname(file), name)) : requirePackage(name));
  try {
    script.runInThisContext()(module.exports, require, module, file, dirname(file));
  } catch (thrown) {
    loaded.delete(file);
    throw thrown;
  }
  return module.exports;
};

/** Keeps the code of all that was loaded, with that of each function that was called. */
export const keep = () => {
  for (const [file, { script }] of loaded) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(readFileSync(file)));
    writeFileSync(keptIn(file), Buffer.concat([sum, script.createCachedData()]));
  }
};
