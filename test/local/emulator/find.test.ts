import { strict as assert } from 'node:assert';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmulator } from '../../../local/emulator/find.ts';

describe('findEmulator', () => {
  let dir: string;
  const program = async (...path: string[]): Promise<string> => {
    const file = join(dir, ...path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    return file;
  };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak emulator '));
    await program('bin', 'java');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('finds the emulators beside the gcloud that a link on the PATH leads to', async () => {
    const gcloud = await program('sdk', 'bin', 'gcloud');
    const emulator = await program('sdk', 'platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
    await symlink(gcloud, join(dir, 'bin', 'gcloud'));
    const firestore = await program('sdk', 'platform', 'cloud-firestore-emulator', 'cloud_firestore_emulator');
    assert.deepEqual(findEmulator('pubsub', { PATH: join(dir, 'bin') }), { program: emulator });
    assert.deepEqual(findEmulator('firestore', { PATH: join(dir, 'bin') }), { program: firestore });
  });

  it('prefers the program that is named', async () => {
    const named = await program('elsewhere');
    const env = { PATH: join(dir, 'bin'), FIREBREAK_PUBSUB_EMULATOR: named };
    assert.deepEqual(findEmulator('pubsub', env), { program: named });
    assert.ok('missing' in findEmulator('firestore', env));
  });

  it('reports what is missing', async () => {
    const because = (env: Record<string, string>): string => {
      const found = findEmulator('pubsub', env);
      return 'missing' in found ? found.missing : 'found';
    };
    assert.match(because({ PATH: '' }), /no java/);
    assert.match(because({ PATH: join(dir, 'bin') }), /no gcloud/);
    assert.match(because({ PATH: join(dir, 'bin'), FIREBREAK_PUBSUB_EMULATOR: dir + '/none' }), /is not a program/);
    await program('bin', 'gcloud');
    assert.match(because({ PATH: join(dir, 'bin') }), /has no Pub\/Sub emulator/);
  });
});
