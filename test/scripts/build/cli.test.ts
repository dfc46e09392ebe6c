import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { cliFile } from '../../../scripts/build/cli.ts';

describe('firebreak.mjs, the command in one file', function () {
  this.timeout(300_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak one file '));
    const { bytes } = await cliFile();
    await writeFile(join(folder, 'firebreak.mjs'), bytes);
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs outside the checkout, with nothing but Node.js. */
  const run = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, ['firebreak.mjs', ...args], { cwd: folder, input, encoding: 'utf8', env: {} });

  it('prints its version and its help', () => {
    assert.equal(run(['--version']).stdout, `${packageJson.version}\n`);
    const help = run(['--help']);
    assert.equal(help.status, 0);
    assert.match(help.stdout, /simulate/);
  });

  it('holds the shipped policy and rules', () => {
    const { stdout, status } = run(['policy', 'check']);
    assert.equal(status, 0);
    assert.match(stdout, /^config\/policy\.yaml as shipped is valid/);
    assert.match(run(['rules']).stdout, /^exec-reverse-shell /m);
  });

  it('scores its input', () => {
    const exec = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' } as const;
    const { stdout, status } = run(['score'], `${JSON.stringify(auditEntry({ ...exec, command: 'ls' }))}\n`);
    assert.equal(status, 0);
    assert.match(stdout, /"rule":"exec-into-pod"/);
  });

  it('reports what needs a checkout, and still lists the scenarios', () => {
    for (const command of ['demo', 'local']) {
      const { stderr, status } = run([command]);
      assert.equal(status, 1);
      assert.match(stderr, /firebreak: this one file has no functions to run here: get the repository, run npm ci/);
    }
    assert.match(run(['demo', '--list']).stdout, /^cryptominer /m);
  });
});
