import { strict as assert } from 'node:assert';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../../local/broker/emulator.ts';
import { findEmulator } from '../../../local/broker/find-emulator.ts';
import { brokerContract } from '../../contracts/broker.ts';
import { describeWith } from '../../require.ts';

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

  it('finds it beside the gcloud that a link on the PATH leads to', async () => {
    const gcloud = await program('sdk', 'bin', 'gcloud');
    const emulator = await program('sdk', 'platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
    await symlink(gcloud, join(dir, 'bin', 'gcloud'));
    assert.deepEqual(findEmulator({ PATH: join(dir, 'bin') }), { program: emulator });
  });

  it('takes the one that is named before all others', async () => {
    const named = await program('elsewhere');
    assert.deepEqual(findEmulator({ PATH: join(dir, 'bin'), FIREBREAK_PUBSUB_EMULATOR: named }), { program: named });
  });

  it('says what is missing', async () => {
    const because = (env: Record<string, string>): string => {
      const found = findEmulator(env);
      return 'missing' in found ? found.missing : 'found';
    };
    assert.match(because({ PATH: '' }), /no java/);
    assert.match(because({ PATH: join(dir, 'bin') }), /no gcloud/);
    assert.match(because({ PATH: join(dir, 'bin'), FIREBREAK_PUBSUB_EMULATOR: dir + '/none' }), /is not a program/);
    await program('bin', 'gcloud');
    assert.match(because({ PATH: join(dir, 'bin') }), /has no Pub\/Sub emulator/);
  });
});

describeWith('pubsub', 'the Pub/Sub emulator', function () {
  this.timeout(60_000);
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak emulator '));
  });
  after(() => rm(dir, { recursive: true }));

  const start = (): Promise<Emulator> => {
    const found = findEmulator(process.env);
    if ('missing' in found) throw new Error(found.missing);
    return startEmulator({ program: found.program, project: 'p1', logFile: join(dir, 'pubsub.log') });
  };

  describe('as a bus', () =>
    brokerContract(start, {
      identity: 'the Pub/Sub emulator pushes without a bearer token',
      deliveryAttempt: 'the Pub/Sub emulator does not say deliveryAttempt',
    }));
});
