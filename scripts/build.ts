import { hash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import packageLock from '../package-lock.json' with { type: 'json' };
import { FUNCTIONS, type FunctionName } from '../shared/model/ids.ts';
import { archive } from './build/archive.ts';
import { billOf } from './build/bill.ts';
import { cliFile } from './build/cli.ts';
import { functionFiles } from './build/function-files.ts';
import { licencesOf } from './build/licences.ts';
import { packagesOf } from './build/packages.ts';
import { unpack } from './build/unpack.ts';
import { flagsOf } from './flags.ts';
import { ROOT, tell } from './steps.ts';

// Builds the deployed files: an archive for each function, listed in manifest.json, and the command line in one file,
// firebreak.mjs. The same checkout always gives the same bytes, on any machine, since the deployment names an archive
// by its hash. Beside firebreak.mjs, and in each archive, stand a bill of materials and the licences. `--out FOLDER`
// replaces dist; `--unpack` also unpacks the archives there, to be run on this machine: see FIREBREAK_FUNCTIONS in
// CONTRIBUTING.md.

const { values } = flagsOf('build', {
  options: { out: { type: 'string', default: join(ROOT, 'dist') }, unpack: { type: 'boolean', default: false } },
});
const out = resolve(values.out);

const write = (path: string, bytes: Uint8Array | string, mode = 0o644): void => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), bytes, { mode });
};

const told = (path: string, bytes: Uint8Array, began: number): void =>
  tell(`${path} ${(bytes.length / 1024 ** 2).toFixed(2)} MB`, true, performance.now() - began);

rmSync(join(out, 'functions'), { recursive: true, force: true });
const archives = new Map<FunctionName, Uint8Array>();
const manifest: Record<string, { file: string; sha256: string; bytes: number }> = {};
for (const name of FUNCTIONS) {
  const began = performance.now();
  const bytes = archive(await functionFiles(name));
  const file = `functions/${name}.zip`;
  write(file, bytes);
  archives.set(name, bytes);
  manifest[name] = { file, sha256: hash('sha256', bytes), bytes: bytes.length };
  told(file, bytes, began);
}
write('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);

const began = performance.now();
const { bytes: command, inputs } = await cliFile();
write('firebreak.mjs', command, 0o755);
const bundled = packagesOf(inputs, packageLock);
write('firebreak.LICENSES.txt', licencesOf(bundled));
write('firebreak.cdx.json', `${JSON.stringify(billOf(packageJson, bundled), undefined, 2)}\n`);
told('firebreak.mjs', command, began);
if (values.unpack) unpack(archives, join(out, 'unpacked'));
