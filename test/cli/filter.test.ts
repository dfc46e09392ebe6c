import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { adminEntry } from '../../local/scenarios/admin-entry.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { sinkFilter } from '../../shared/detection/sink-filter.ts';
import { isExported } from '../kit/logging-filter.ts';
import { captured } from './kit.ts';

const filter = async (...argv: string[]): Promise<string> => {
  const { io, said } = captured();
  assert.equal(await main(['filter', ...argv], io), 0);
  const { out, err } = await said();
  assert.equal(err, '');
  return out;
};

const STOP = adminEntry({ service: 'compute.googleapis.com', method: 'v1.compute.instances.stop' });
const EXEC = auditEntry({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' });

describe('firebreak filter', () => {
  it('prints the filter of the sink, and nothing else', async () =>
    assert.equal(await filter(), `${sinkFilter(RULES)}\n`));

  it('prints it as JSON, with its length', async () => {
    const { io, said } = captured();
    assert.equal(await main(['filter', '--json'], io), 0);
    const { filter, length, most } = JSON.parse((await said()).out);
    assert.equal(length, filter.length);
    assert.ok(length < most);
  });

  it('explains which rules need which part', async () => {
    const explained = await filter('--explain');
    assert.match(explained, /^ {2}-- .*exec-into-pod/m);
    assert.equal(explained.replace(/^ *--.*\n/gm, ''), await filter());
  });

  it('exports more if a file of rules needs more', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak filter '));
    try {
      const file = join(dir, 'rules.yaml');
      writeFileSync(file, 'lists: [{ name: tor-exits, addresses: [203.0.113.0/24] }]\n');
      const listed = await filter('--rules', file);
      assert.deepEqual([isExported(listed, STOP), isExported(listed, EXEC)], [true, true]);
      const plain = await filter();
      assert.deepEqual([isExported(plain, STOP), isExported(plain, EXEC)], [false, true]);
      writeFileSync(file, 'lists: [{ name: none-yet, addresses: [] }]\n');
      assert.equal(await filter('--rules', file), plain);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('reports a file that it cannot read', async () => {
    const { io, said } = captured();
    assert.equal(await main(['filter', '--rules', '/nowhere/rules.yaml'], io), 1);
    assert.match((await said()).err, /^firebreak: \/nowhere\/rules\.yaml cannot be read/);
  });
});
