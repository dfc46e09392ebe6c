import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FUNCTIONS } from '../shared/model/ids.ts';
import { archive } from './build/archive.ts';
import { functionFiles } from './build/function-files.ts';
import { ROOT, tell } from './steps.ts';

// Builds what is deployed: an archive for each function, and which is which in manifest.json. The same checkout gives the
// same bytes, wherever and whenever: the deployment names an archive by its hash. `--out FOLDER` for another than dist.

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'dist') } } });
const out = resolve(values.out);

const write = (path: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), bytes);
};

rmSync(join(out, 'functions'), { recursive: true, force: true });
const manifest: Record<string, { file: string; sha256: string; bytes: number }> = {};
for (const name of FUNCTIONS) {
  const began = performance.now();
  const bytes = archive(await functionFiles(name));
  const file = `functions/${name}.zip`;
  write(file, bytes);
  manifest[name] = { file, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  tell(`${file} ${(bytes.length / 1024 ** 2).toFixed(2)} MB`, true, performance.now() - began);
}
write('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
