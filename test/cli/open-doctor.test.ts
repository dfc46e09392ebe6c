import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoctor } from '../../cli/open-doctor.ts';
import { Transient } from '../../shared/errors.ts';
import { EXPECTED } from '../shared/doctor/kit.ts';
import { captured } from './kit.ts';

describe('openDoctor', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'firebreak open doctor '));
    await mkdir(join(cwd, '.firebreak'));
  });
  afterEach(() => rm(cwd, { recursive: true }));
  const io = () => captured({ cwd, env: {} }).io;

  it('opens the announced stack, and compares it with the files that it was started with', async () => {
    const announced = { project: 'p1', bus: 'http://127.0.0.1:1', store: join(cwd, 'none'), policy: '/a/policy.yaml' };
    await writeFile(join(cwd, '.firebreak', 'local.json'), JSON.stringify(announced));
    const asked: unknown[] = [];
    const ports = await openDoctor(io(), undefined, (local) => {
      asked.push(local?.policy);
      return EXPECTED;
    });
    await ports.close();
    assert.ok('local' in ports);
    assert.deepEqual(asked, ['/a/policy.yaml']);
    assert.equal(ports.logsOf('decide'), `tail '${join(cwd, '.firebreak', 'logs', 'decide.log')}'`);
    assert.equal(ports.ours('incidents', 'i-1'), 'firebreak incidents i-1');
    await assert.rejects(ports.stores.halts.get('halt'), Transient);
  });

  it('is refused if there is nothing to examine', async () => {
    await assert.rejects(
      openDoctor(io(), undefined, () => EXPECTED),
      /^Malformed: no local stack found from here/,
    );
  });
});
