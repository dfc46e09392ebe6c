import { mkdtempSync, readdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

// What the framework loads of a deployed package. `.mjs`, since for `.js` it first loads a library that finds package.json.
//
// The code that V8 makes of main.js was kept by compile.mjs, in the build of the service. Where it is missing, or is of another
// Node.js, everything is compiled as ever: nothing but time depends on it.
try {
  const folder = join(import.meta.dirname, 'compiled');
  const [kept] = readdirSync(folder);
  const { directory } = enableCompileCache(folder);
  if (directory === undefined) enableCompileCache(mkdtempSync(join(tmpdir(), 'firebreak-')));
  const used = getCompileCacheDir();
  // Node.js names it by user and processor too. They are others in the build, and make no difference to the code.
  if (kept !== undefined && used !== undefined && basename(used) !== kept) {
    rmdirSync(used);
    symlinkSync(join(folder, kept), used);
  }
} catch {}

await import('./main.js');
