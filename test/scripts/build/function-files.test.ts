import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import packageJson from '../../../package.json' with { type: 'json' };
import { archive } from '../../../scripts/build/archive.ts';
import type { BuiltFiles } from '../../../scripts/build/bundle.ts';
import { functionFiles } from '../../../scripts/build/function-files.ts';
import { builtFiles } from '../../kit/built-files.ts';

const text = (files: BuiltFiles, name: string): string => new TextDecoder().decode(files.get(name));
describe('functionFiles', function () {
  this.timeout(300_000);

  it('declares and locks the tested version of the framework', async () => {
    const files = await builtFiles('notify');
    const framework = packageJson.dependencies['@google-cloud/functions-framework'];
    const own = JSON.parse(text(files, 'package.json'));
    assert.deepEqual(own.dependencies, { '@google-cloud/functions-framework': framework });
    assert.deepEqual(
      [own.name, own.main, own.type, own.engines],
      ['firebreak-notify', 'index.mjs', 'commonjs', { node: '24' }],
    );
    const lock = JSON.parse(text(files, 'package-lock.json'));
    assert.equal(lock.packages['node_modules/@google-cloud/functions-framework'].version, framework);
    assert.match(lock.packages['node_modules/express'].integrity, /^sha512-/);
    assert.equal(lock.packages['node_modules/zod'], undefined);
    assert.match(text(files, 'main.js'), /require\("@google-cloud\/functions-framework"\)/);
  });

  it('has a map for each module, and no settings, sources or paths of this machine', async () => {
    const files = await builtFiles('detect-threat');
    const modules = [...files.keys()].filter((name) => name.endsWith('.js'));
    for (const name of modules) assert.ok(files.has(`${name}.map`), name);
    assert.deepEqual(
      [...files.keys()].filter((name) => /\.(ya?ml|ts)$/.test(name)),
      [],
    );
    for (const name of files.keys()) assert.ok(!text(files, name).includes(process.cwd()), name);
  });

  it('names what it bundles and what npm installs, and has the licences of what it bundles', async () => {
    const files = await builtFiles('notify');
    const names = JSON.parse(text(files, 'sbom.cdx.json')).components.map(({ name }: { name: string }) => name);
    for (const name of ['zod', 'express', '@google-cloud/functions-framework']) assert.ok(names.includes(name), name);
    assert.ok(!names.includes('typescript'));
    const licences = text(files, 'THIRD-PARTY-LICENSES.txt');
    assert.match(licences, /^zod .*\(MIT\)/m);
    assert.doesNotMatch(licences, /^express /m);
    assert.match(text(files, 'LICENSE'), /Apache License/);
  });

  it('is the same, byte for byte, in a second build', async () => {
    const hash = (files: BuiltFiles): string => createHash('sha256').update(archive(files)).digest('hex');
    assert.equal(hash(await functionFiles('contain')), hash(await builtFiles('contain')));
  });
});
