import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKENDS, probe, requiredBackends } from '../require.ts';

describe('FIREBREAK_REQUIRE', () => {
  it('requires nothing, a list, or all', () => {
    assert.deepEqual(requiredBackends({}), []);
    assert.deepEqual(requiredBackends({ FIREBREAK_REQUIRE: ' pubsub, terraform,' }), ['pubsub', 'terraform']);
    assert.deepEqual(requiredBackends({ FIREBREAK_REQUIRE: 'all' }), [...BACKENDS]);
  });

  it('refuses an unknown backend', () => {
    assert.throws(() => requiredBackends({ FIREBREAK_REQUIRE: 'pubsubs' }), /pubsubs is not known; expected pubsub, /);
  });

  it('ends `npm test` with one sentence if it names an unknown backend', () => {
    const env = { ...process.env, FIREBREAK_REQUIRE: 'pubsubs' };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/test.ts'], { env, encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^FIREBREAK_REQUIRE: pubsubs is not known; expected pubsub, .* or all[.]\n$/);
  });
});

describe('probe', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak backends '));
  });
  afterEach(() => rm(root, { recursive: true }));

  const program = async (...path: string[]): Promise<void> => {
    const file = join(root, ...path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
  };

  it('reports what is missing for each backend', () => {
    for (const name of BACKENDS) {
      const { available, reason } = probe(name, { PATH: root });
      assert.equal(available, false);
      assert.notEqual(reason, '');
    }
  });

  it('finds each backend where it is installed', async () => {
    for (const name of ['java', 'gcloud', 'terraform', 'chromium']) await program('bin', name);
    for (const name of ['kube-apiserver', 'etcd']) await program('assets', name);
    await program('platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
    await program('platform', 'cloud-firestore-emulator', 'cloud_firestore_emulator');
    const env = { PATH: join(root, 'bin'), KUBEBUILDER_ASSETS: join(root, 'assets') };
    for (const name of BACKENDS) assert.deepEqual(probe(name, env), { available: true, reason: '' }, name);
  });
});
