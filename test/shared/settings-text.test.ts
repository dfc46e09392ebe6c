import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectorOfFile } from '../../shared/detector-of-file.ts';
import { Malformed } from '../../shared/errors.ts';
import { policyOfFile } from '../../shared/policy-of-file.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('settings files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak settings '));
  });
  after(() => rm(folder, { recursive: true }));

  const fileOf = async (text: string): Promise<string> => {
    const path = join(folder, `${sha256(text).slice(0, 8)}.yaml`);
    await writeFile(path, text);
    return path;
  };

  it('reads a policy and rules whose SHA-256 is that of the applied files', async () => {
    const policy = 'mode: act # é\n';
    const { policy: read } = await policyOfFile({ path: await fileOf(policy), sha256: sha256(policy) });
    assert.equal(read.mode, 'act');
    const rules = 'domains: [example.com]\n';
    const { hash } = await detectorOfFile({ path: await fileOf(rules), sha256: sha256(rules) });
    assert.notEqual(hash, (await detectorOfFile({})).hash);
  });

  it('refuses a file that is not the applied one', async () => {
    const path = await fileOf('mode: act\n');
    const other = sha256('mode: dry-run\n');
    await assert.rejects(
      policyOfFile({ path, sha256: other }),
      /^Error: FIREBREAK_POLICY: .* is not the file that was applied/,
    );
    await assert.rejects(detectorOfFile({ path, sha256: other }), /^Error: FIREBREAK_RULES: .* is not the file/);
  });

  it('says what is wrong with a missing or invalid file', async () => {
    await assert.rejects(policyOfFile({ path: join(folder, 'none.yaml') }), /FIREBREAK_POLICY: .* cannot be read/);
    await assert.rejects(policyOfFile({ path: await fileOf('moode: act\n') }), Malformed);
    assert.equal((await policyOfFile({})).policy.mode, 'dry-run');
  });
});
