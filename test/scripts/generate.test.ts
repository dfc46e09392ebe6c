import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTAINERS, rulesOf } from '../../scripts/generate/attack.ts';
import { defaultsFiles } from '../../scripts/generate/defaults.ts';
import { markdownTable } from '../../scripts/generate/files.ts';
import { ruleFiles } from '../../scripts/generate/rules.ts';
import { schemaFiles } from '../../scripts/generate/schemas.ts';
import { stepFiles } from '../../scripts/generate/steps.ts';
import { bringUpToDate, compare } from '../../scripts/generate/write.ts';
import { STEPS } from '../../shared/containment/steps/registry.ts';
import { RULES } from '../../shared/detection/registry.ts';

describe('generated files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak generated '));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are stale if one is missing, changed or left over, until they are brought up to date', async () => {
    const files = new Map([
      ['docs/schemas/a.json', '{}\n'],
      ['docs/rules.md', '# Rules\n'],
    ]);
    const differ = () => compare(root, files, ['docs/schemas']);
    assert.deepEqual(differ(), { stale: ['docs/schemas/a.json', 'docs/rules.md'], left: [] });
    bringUpToDate(root, files, differ());
    assert.deepEqual(differ(), { stale: [], left: [] });
    await writeFile(join(root, 'docs/rules.md'), 'edited by hand');
    await writeFile(join(root, 'docs/schemas/old.json'), '{}');
    assert.deepEqual(differ(), { stale: ['docs/rules.md'], left: ['docs/schemas/old.json'] });
    bringUpToDate(root, files, differ());
    assert.deepEqual(differ(), { stale: [], left: [] });
    assert.equal(await readFile(join(root, 'docs/rules.md'), 'utf8'), '# Rules\n');
  });
});

describe('schemas', () => {
  it('allow only the known fields in what people write, such as a request', () => {
    const schema = JSON.parse(schemaFiles().get('docs/schemas/request.json') ?? '');
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(schema.required, ['action', 'reason', 'requestedBy']);
    assert.ok(schema.properties.target.required.includes('project'));
  });

  it('exist for every message and document of the contracts, and for the policy', () => {
    const there = new Set(schemaFiles().keys());
    const messages = [
      'target',
      'finding',
      'request',
      'incident',
      'decision',
      'goal',
      'plan-item',
      'entry',
      'host',
      'notice',
    ];
    for (const name of [...messages, 'policy']) assert.ok(there.has(`docs/schemas/${name}.json`), name);
  });
});

describe('the table of defaults', () => {
  it('lists each setting once, with its shipped and its default value', () => {
    const text = defaultsFiles().get('docs/defaults.md') ?? '';
    const row = (setting: string): string[] =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`| \`${setting}\` `))
        .flatMap((line) => line.split('|').map((cell) => cell.trim()))
        .slice(2, 4);
    assert.deepEqual(row('mode'), ['`act`', '`dry-run`']);
    assert.deepEqual(row('matrix.high'), ['`["snapshot","snapshot","quarantine","quarantine"]`', 'the same']);
    assert.deepEqual(row('minutes.cooldown'), ['`60`', 'the same']);
  });
});

describe('the reference of steps', () => {
  it('has an anchor for each step, and no broken link', () => {
    const text = stepFiles().get('docs/steps.md') ?? '';
    const anchors = [...text.matchAll(/^## (\S+)$/gm)].map(([, id]) => id);
    assert.deepEqual(
      [...anchors],
      STEPS.map(({ id }) => id),
    );
    for (const [, id] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchors.includes(id), id);
  });
});

describe('the reference of rules', () => {
  it('has an anchor for each rule', () => {
    const text = ruleFiles().get('docs/rules.md') ?? '';
    const anchors = [...text.matchAll(/^## (\S+)$/gm)].map(([, id]) => id);
    assert.deepEqual(
      anchors,
      RULES.map(({ id }) => id),
    );
  });
});

describe('the ATT&CK coverage', () => {
  const text = ruleFiles().get('docs/rules.md') ?? '';

  it('names for every technique of the containers matrix the rules that see it, or why none does', () => {
    const techniques = CONTAINERS.flatMap(([, ones]) => ones);
    assert.ok(techniques.length > 25);
    for (const { id, unseen } of techniques) assert.equal(rulesOf(id).length === 0, unseen !== undefined, id);
  });

  it('lists every technique that a rule names', () => {
    for (const { id, name } of RULES.flatMap(({ technique }) => technique))
      assert.ok(
        text.includes(`| ${id} ${name} `) || CONTAINERS.some(([, ones]) => ones.some((one) => id.startsWith(one.id))),
        id,
      );
  });

  it('uses one name per technique', () => {
    const names = new Map<string, string>();
    for (const { id, name } of RULES.flatMap(({ technique }) => technique)) {
      assert.equal(names.get(id) ?? name, name, id);
      names.set(id, name);
    }
  });
});

describe('markdownTable', () => {
  it('aligns its columns, and escapes what would break a cell', () => {
    assert.equal(
      markdownTable(['a', 'long heading'], [['x|y', 'two\nlines']]),
      ['| a    | long heading |', '| ---- | ------------ |', '| x\\|y | two lines    |'].join('\n'),
    );
  });
});
