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
    assert.match(out, /^config\/policy\.yaml as shipped is valid: mode act, hash [0-9a-f]{16}$/m);
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
      assert.match((await said()).out, /^config\/policy\.yaml as shipped is valid: /);
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

  it('prints the budgets, the maxima of sources and what a second operator has to approve', async () => {
    const shipped = (await check(undefined)).out;
    assert.match(shipped, /^budget within 60 minutes: 3 nodes of a cluster, and no more than 20 % of its nodes, /m);
    assert.match(shipped, /^budget within 60 minutes: 1 node for the doings of one principal, /m);
    assert.match(shipped, /^budget within 60 minutes: 5 workloads of a namespace$/m);
    assert.doesNotMatch(shipped, /second operator|refuses findings/);
    const { out } = await check(`budgets: { minutes: 1, nodes: 7, percent: 50, nodesPerPrincipal: 2, workloads: 1 }
sources: { falco: { max: { severity: high, confidence: 0.9 } }, security-command-center: { max: {} } }
operators: { another: [delete-workload, delete-host] }`);
    assert.match(out, /^budget within 1 minute: 7 nodes of a cluster, and no more than 50 % of its nodes, /m);
    assert.match(out, /^budget within 1 minute: 2 nodes for /m);
    assert.match(out, /^budget within 1 minute: 1 workload of a namespace$/m);
    assert.match(out, /^refuses findings of falco that claim more than high or confidence 0\.9$/m);
    assert.match(out, /^a second operator has to approve delete-workload, delete-host$/m);
    assert.doesNotMatch(out, /security-command-center/);
  });

  it('fits a terminal of any width', async () => {
    const shipped = (await check(undefined)).out;
    for (const columns of [60, 80, 160]) {
      const { io, said } = captured({ cwd, isTTY: true, columns, env: { NO_COLOR: '1' } });
      await main(['policy', 'check'], io);
      const { out } = await said();
      assert.deepEqual(
        out.split('\n').filter((line) => line.length > columns),
        [],
        `${columns}`,
      );
      for (const word of shipped.replace('SEVERITY', '').split(/\s+/))
        assert.ok(out.includes(word), `${word} at ${columns}`);
    }
  });

  it('names a suppression that has expired', async () => {
    const { code, out } = await check(`suppressions:
  - { when: { rule: a }, owner: ana@example.com, reason: noise, expires: 2026-11-02 }
  - { when: { rule: b }, owner: ana@example.com, reason: noise, expires: 2026-11-03 }`);
    assert.equal(code, 0);
    assert.match(out, /^expired: suppression of ana@example.com, .* rule a/m);
    assert.match(out, /^suppression of ana@example.com, .* rule b/m);
  });

  it('names a rule that there is not, in any condition, also as a pattern', async () => {
    const text = `suppressions:
  - { when: { rule: exec-minr }, owner: ana@example.com, reason: noise, expires: 2026-12-31 }
  - { when: { rule: "exec-*" }, owner: ana@example.com, reason: noise, expires: 2026-12-31 }
overrides:
  - { when: { rule: "minr-*" }, raise: isolate, because: they came before }
stopFirst:
  - { when: { rule: exec-miner }, because: it deletes what it finds }`;
    const { code, out } = await check(text);
    assert.equal(code, 0);
    const unknown = [...out.matchAll(/^no rule is called (\S+), so what names it never holds/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(unknown, ['minr-*', 'exec-minr']);
    assert.deepEqual(JSON.parse((await check(text, '--json')).out).unknownRules, ['minr-*', 'exec-minr']);
    assert.doesNotMatch((await check(undefined)).out, /no rule is called/);
  });

  it("knows the rules of one's own, by --rules", async () => {
    const text = `overrides:
  - { when: { rule: by-contractor }, raise: isolate, because: they may not }`;
    await writeFile(
      join(cwd, 'r.yaml'),
      `rules:
  - id: by-contractor
    title: Command run by a contractor
    reads: audit
    when: resource == 'core/pods/exec' && principal.like('*@contractor.example.com')
    severity: high
    confidence: 0.6
    family: exec
    because: contractors have no business in running pods
    technique: [T1609]
`,
    );
    assert.match((await check(text)).out, /no rule is called by-contractor/);
    assert.doesNotMatch((await check(text, '--rules', 'r.yaml')).out, /no rule is called/);
  });

  it('refuses an operator who is given as an IAM member', async () => {
    const { code, err } = await check('operators: { emails: ["group:oncall@example.com"] }');
    assert.equal(code, 1);
    assert.match(err, /line 1: operators\.emails\.0: expected an email address in lower case, without user: or group:/);
    assert.equal((await check('operators: { emails: [ana+oncall@example.com] }')).code, 0);
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

  it('reports every error at once, in the order of the file, and no more than can be read', async () => {
    const { err } = await check('budgets: { nodez: 4 }\nmodes: { isolate: yes }\nmode: off\n');
    assert.deepEqual(
      err
        .trimEnd()
        .split('\n')
        .map((line) => /line \d+: [a-z.]+/.exec(line)?.[0]),
      ['line 1: budgets', 'line 2: modes.isolate', 'line 3: mode'],
    );
    const many = await check(`protected:\n${'  - {}\n'.repeat(30)}`);
    assert.match(many.err, /line 6: protected\.4\.tier: .*;\n {2}and 50 more\n$/);
  });
});
