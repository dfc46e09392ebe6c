import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { ROOT } from '../../scripts/steps.ts';
import { readPolicy } from '../../shared/decision/policy.ts';
import { captured } from '../cli/kit.ts';

const page = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');
const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? assert.fail(`no ${pattern}`);
const overrideIn = (name: string): string => found(page(name), /`(\{ when: .*?)`/);

describe('the starting policy in docs/tuning.md', () => {
  const starting = found(page('tuning.md'), /\n\n((?: {4}(?:mode|modes|budgets): .*\n)+)/).replace(/^ {4}/gm, '');

  it('is valid, quarantines automatically and asks before it isolates', () => {
    const { policy } = readPolicy(starting);
    assert.deepEqual([policy.mode, policy.modes.quarantine, policy.modes.isolate], ['act', 'act', 'ask']);
    const override = overrideIn('tuning.md').replace(/ \}$/, ', because: not yet }');
    assert.equal(readPolicy(`overrides:\n  - ${override}\n`).policy.overrides[0]?.limit, 'observe');
  });

  it('quarantines the pod of the drill, and asks for the deletion of its workload', async () => {
    const command = found(page('deploy.md'), /kubectl exec \S+ -- sh -c '(.*)'/);
    const exec = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'a' };
    const entry = auditEntry({ ...exec, at: '2026-11-03T03:00:00Z', command: `sh -c ${command}` });
    const cwd = await mkdtemp(join(tmpdir(), 'firebreak drill '));
    try {
      await writeFile(join(cwd, 'policy.yaml'), starting);
      await writeFile(join(cwd, 'entries.ndjson'), JSON.stringify(entry));
      const { io, said } = captured({ cwd });
      assert.equal(await main(['simulate', 'entries.ndjson', '--policy', 'policy.yaml'], io), 0);
      const { verdict, tier, asked } = JSON.parse((await said()).out);
      assert.deepEqual([verdict, tier, asked], ['act', 'quarantine', 'delete-workload']);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});

describe('the override in docs/deploy.md for a cluster without network policies', () => {
  it('is valid, and raises quarantine to isolate', () => {
    const [raised] = readPolicy(`overrides:\n  - ${overrideIn('deploy.md')}\n`).policy.overrides;
    assert.deepEqual([raised?.when.atLeast, raised?.raise], ['quarantine', 'isolate']);
  });
});
