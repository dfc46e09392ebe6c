import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { captured } from './kit.ts';

describe('firebreak policy check', () => {
  let cwd = '';
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'firebreak policy '));
  });
  after(() => rm(cwd, { recursive: true }));

  const check = async (text: string | undefined, ...argv: string[]) => {
    if (text !== undefined) await writeFile(join(cwd, 'p.yaml'), text);
    const { io, said } = captured({ cwd });
    const code = await main(['policy', 'check', ...(text === undefined ? [] : ['p.yaml']), ...argv], io);
    return { code, ...(await said()) };
  };
  const row = (out: string, severity: string): string[] =>
    (out.split('\n').find((line) => line.startsWith(severity)) ?? '').split(/ {2,}/);

  it('prints the matrix of the shipped policy if none is named', async () => {
    const { code, out } = await check(undefined);
    assert.equal(code, 0);
    assert.match(out, /^config\/policy\.yaml is valid: mode act, hash [0-9a-f]{16}$/m);
    assert.deepEqual(row(out, 'critical'), [
      'critical',
      'snapshot',
      'quarantine',
      'isolate',
      'isolate, asks for delete-workload',
    ]);
  });

  it('treats an empty variable as one that is not set', async () => {
    for (const FIREBREAK_POLICY of ['', ' ']) {
      const { io, said } = captured({ cwd, env: { FIREBREAK_POLICY } });
      assert.equal(await main(['policy', 'check'], io), 0);
      assert.match((await said()).out, /^config\/policy\.yaml is valid: /);
    }
  });

  it('refuses an invalid name for a project, a cluster or a namespace', async () => {
    for (const [flag, name] of [
      ['--project', 'A b'],
      ['--cluster', 'C/1'],
      ['--namespace', 'a.b'],
    ] as const) {
      const { code, out, err } = await check(undefined, flag, name);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, new RegExp(`^firebreak: ${flag} '.*': not a valid name; see .firebreak policy check --help.`));
    }
    assert.equal((await check(undefined, '--project', 'example.com:p1')).code, 0);
  });

  it('prints what applies in one place: its protection, overrides and suppressions', async () => {
    const text = `mode: act
overrides:
  - { when: { cluster: c1, namespace: shop }, raise: isolate, because: card data }
suppressions:
  - { when: { namespace: batch }, owner: ana@example.com, reason: noise, expires: 2026-12-31 }`;
    assert.deepEqual(row((await check(text, '-n', 'kube-system')).out, 'critical').slice(1), Array(4).fill('snapshot'));
    assert.deepEqual(
      row((await check(text, '-n', 'shop', '--cluster', 'c1')).out, 'low').slice(1),
      Array(4).fill('isolate'),
    );
    assert.deepEqual(
      row((await check(text, '-n', 'shop', '--cluster', 'c2')).out, 'low').slice(1),
      Array(4).fill('observe'),
    );
    assert.deepEqual(row((await check(text, '-n', 'batch')).out, 'critical').slice(1), Array(4).fill('observe'));
  });

  it('names a suppression that has expired', async () => {
    const { code, out } = await check(`suppressions:
  - { when: { rule: a }, owner: ana@example.com, reason: noise, expires: 2026-11-02 }
  - { when: { rule: b }, owner: ana@example.com, reason: noise, expires: 2026-11-03 }`);
    assert.equal(code, 0);
    assert.match(out, /^expired: suppression of ana@example.com, .* rule a/m);
    assert.match(out, /^suppression of ana@example.com, .* rule b/m);
  });

  it('prints the same as JSON', async () => {
    const { out } = await check('mode: act', '--json', '-n', 'kube-system');
    const read = JSON.parse(out);
    assert.deepEqual(read.matrix.critical[3], { verdict: 'act', tier: 'snapshot' });
    assert.equal(read.policy.budgets.nodes, 3);
  });

  it('reports an error with the file and its line, and exits 1', async () => {
    const { code, out, err } = await check('mode: act\nmodes: { x: act }\n');
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      /^firebreak: p\.yaml: policy, line 2: modes: there is no field "x": expected one of snapshot, .*\n$/,
    );
    const missing = captured({ cwd });
    assert.equal(await main(['policy', 'check', 'nowhere.yaml'], missing.io), 1);
    assert.match((await missing.said()).err, /nowhere\.yaml cannot be read \(ENOENT\)/);
  });
});
