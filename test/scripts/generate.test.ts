import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaFiles } from '../../scripts/generate/schemas.ts';
import { bringUpToDate, compare } from '../../scripts/generate/write.ts';

describe('generated files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak generated '));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are stale where one is missing, changed or left over, until they are brought up to date', async () => {
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
  it('are strict on what people write: a request has no other fields than these', () => {
    const schema = JSON.parse(schemaFiles().get('docs/schemas/request.json') ?? '');
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(schema.required, ['action', 'reason', 'requestedBy']);
    assert.ok(schema.properties.target.required.includes('project'));
  });

  it('exist for every message and document of the contracts', () => {
    assert.deepEqual(
      [...schemaFiles().keys()].map((path) => path.replace('docs/schemas/', '')),
      ['target', 'finding', 'request', 'incident', 'decision', 'goal', 'plan-item', 'entry', 'host', 'notice'].map(
        (name) => `${name}.json`,
      ),
    );
  });
});
