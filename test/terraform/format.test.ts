import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';
import { describeWith } from '../require.ts';

describeWith('terraform', 'the format of terraform/', () => {
  it('is that of terraform fmt', () => {
    const args = [`-chdir=${join(ROOT, 'terraform')}`, 'fmt', '-check', '-recursive', '-diff'];
    const { status, stdout } = spawnSync('terraform', args, {
      encoding: 'utf8',
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    });
    assert.equal(status, 0, stdout);
  });
});
