import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { captured } from './kit.ts';

const rules = async (...argv: string[]): Promise<string> => {
  const { io, said } = captured();
  assert.equal(await main(['rules', ...argv], io), 0);
  return (await said()).out;
};

describe('firebreak rules', () => {
  it('lists every rule with the most that it can claim', async () => {
    const [heading, ...rows] = (await rules()).trimEnd().split('\n');
    assert.match(heading ?? '', /^RULE +SEVERITY +CONFIDENCE +TECHNIQUE +TITLE$/);
    assert.equal(rows.length, RULES.length);
    for (const [index, rule] of RULES.entries()) {
      const row = rows[index] ?? '';
      for (const cell of [rule.id, rule.severity, rule.confidence.toFixed(2), rule.title])
        assert.ok(row.includes(cell));
    }
  });

  it('puts each rule on lines of its own on a terminal that is too narrow for the table', async () => {
    for (const columns of [60, 80]) {
      const { io, said } = captured({ isTTY: true, columns, env: { NO_COLOR: '1' } });
      assert.equal(await main(['rules'], io), 0);
      const { out } = await said();
      assert.deepEqual(
        out.split('\n').filter((line) => line.length > columns),
        [],
      );
      for (const { id, title } of RULES)
        assert.ok(out.includes(`${id}\n`) && out.replaceAll(/\s+/g, ' ').includes(title));
    }
  });

  it('treats an empty variable as one that is not set', async () => {
    const { io, said } = captured({ env: { FIREBREAK_RULES: '' } });
    assert.equal(await main(['rules'], io), 0);
    assert.equal((await said()).out, await rules());
  });

  it('shows what a file of rules adds, overrides and allows', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak rules '));
    try {
      const file = join(dir, 'rules.yaml');
      writeFileSync(
        file,
        [
          'domains: [example.com]',
          'lists: [{ name: tor-exits, addresses: [203.0.113.0/24] }]',
          "rules: [{ id: mine, title: Ours, reads: audit, when: 'true', severity: low, confidence: 0.3, family: exec, because: b }]",
          'allow: [{ principal: ana@example.com, owner: ops@example.com, reason: debugging, expires: 2026-11-02 }]',
          'overrides: { exec-into-pod: { severity: low, confidence: 0.11 } }',
        ].join('\n'),
      );
      const shown = await rules('--rules', file);
      assert.match(shown, /^exec-into-pod +low +0\.11 /m);
      assert.match(shown, /^mine +low +0\.30 +Ours$/m);
      assert.match(shown, /^our domains: example\.com$/m);
      assert.match(shown, /^tor-exits +1$/m);
      assert.match(shown, /^ana@example\.com +\* +\* +2026-11-02 \(over\) +ops@example\.com +debugging$/m);
      const read = JSON.parse(await rules('--rules', file, '--json'));
      assert.deepEqual([read.domains, read.lists], [['example.com'], [{ name: 'tor-exits', addresses: 1 }]]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('names a list with private addresses, from which the sink brings no calls', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak rules '));
    try {
      const file = join(dir, 'rules.yaml');
      const lists =
        "{ name: inside, addresses: [203.0.113.7, '::ffff:10.1.0.0/112'] }, { name: tor, addresses: ['::/0'] }";
      writeFileSync(file, `lists: [${lists}]`);
      assert.match(
        await rules('--rules', file),
        /^list inside has private addresses: the sink brings a call from one only/m,
      );
      assert.deepEqual(JSON.parse(await rules('--rules', file, '--json')).privateLists, ['inside']);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('names a rule that an allowance is for and that there is not, also as a pattern', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak rules '));
    try {
      const file = join(dir, 'rules.yaml');
      const allowed = (rule: string): string =>
        `  - { rule: '${rule}', owner: ops@example.com, reason: debugging, expires: 2026-12-31 }`;
      writeFileSync(file, ['allow:', ...['exec-in-pod', 'exec-*', 'minr-*'].map(allowed)].join('\n'));
      const shown = await rules('--rules', file);
      const unknown = [...shown.matchAll(/^no rule is called (\S+), so what names it never holds$/gm)];
      assert.deepEqual(
        unknown.map(([, name]) => name),
        ['exec-in-pod', 'minr-*'],
      );
      assert.deepEqual(JSON.parse(await rules('--rules', file, '--json')).unknownRules, ['exec-in-pod', 'minr-*']);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('prints the whole description of each rule as JSON', async () => {
    const read = JSON.parse(await rules('--json'));
    assert.deepEqual(
      read.rules.map((rule: { id: string }) => rule.id),
      RULES.map((rule) => rule.id),
    );
    for (const key of ['sees', 'why', 'technique', 'falsePositives', 'filter', 'example'])
      assert.ok(key in read.rules[0]);
  });
});
