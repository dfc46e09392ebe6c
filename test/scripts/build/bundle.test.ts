import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../../scripts/build/bundle.ts';
import type { FunctionName } from '../../../shared/model/ids.ts';

/** The client libraries that call external services. */
const CLIENTS = [
  '@google-cloud/compute',
  '@google-cloud/firestore',
  '@google-cloud/pubsub-api',
  '@google-cloud/storage',
  '@kubernetes/client-node',
];

describe('bundle', function () {
  this.timeout(300_000);

  const clientsOf = async (name: FunctionName): Promise<string[]> => {
    const { inputs } = await bundle(`functions/${name}/index.ts`);
    return CLIENTS.filter((client) => inputs.some((path) => path.startsWith(`node_modules/${client}/`)));
  };

  it('holds the clients of its function and no others', async () => {
    const [pubsub, firestore] = ['@google-cloud/pubsub-api', '@google-cloud/firestore'];
    assert.deepEqual(await clientsOf('detect-threat'), [pubsub]);
    assert.deepEqual(await clientsOf('detect-audit-log'), [firestore, pubsub]);
    assert.deepEqual(
      await clientsOf('decide'),
      CLIENTS.filter((client) => client !== '@google-cloud/storage'),
    );
    assert.deepEqual(await clientsOf('contain'), CLIENTS);
  });

  it('leaves out the framework, and everything that only the framework needs', async () => {
    const { files, inputs } = await bundle('functions/notify/index.ts');
    assert.ok(files.has('main.js'));
    assert.deepEqual(
      inputs.filter((path) => /^node_modules\/(@google-cloud\/functions-framework|express)\//.test(path)),
      [],
    );
  });

  it('refuses a lazy import of a package, which the bundle would lack', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-lazy-'));
    try {
      const entry = join(folder, 'entry.ts');
      await writeFile(entry, "export const load = () => import('google-auth-library');");
      await assert.rejects(bundle(entry), /import the package in a file of ours/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const MODULES = {
    'entry.ts': "import { used } from './both.ts';\nexport const ports = { used };\n",
    'both.ts':
      "import { leaf } from './leaf.ts';\nexport const used = () => leaf();\nexport const unused = () => import('./leaf.ts');\n",
    // A heavy library, which stays a lazy import.
    'leaf.ts': "import { globalAgent } from 'node:https';\nexport const leaf = () => [globalAgent, 'is there'];\n",
  };
  const bundled = async (modules: Readonly<Record<string, string>>): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-bundled-'));
    try {
      for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, name), text);
      const { files } = await bundle(join(folder, 'entry.ts'));
      const scripts = [...files].filter(([name]) => name.endsWith('.js'));
      return scripts.map(([, contents]) => new TextDecoder().decode(contents)).join('\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('keeps what is called, even if code that nothing calls imports it lazily', async () => {
    assert.match(await bundled(MODULES), /is there/);
  });

  it('refuses an import of a local name that does not exist', async () => {
    await assert.rejects(bundled({ ...MODULES, 'leaf.ts': 'export const other = 1;\n' }), /"leaf"/);
  });
});
