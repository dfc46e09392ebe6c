import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import packageLock from '../../../package-lock.json' with { type: 'json' };
import { licencesOf } from '../../../scripts/build/licences.ts';
import { packagesOf } from '../../../scripts/build/packages.ts';

const of = (...paths: string[]): string => licencesOf(packagesOf(paths, packageLock));

describe('licencesOf', () => {
  it('has the whole text of a licence, whatever its file is called', () => {
    const text = of('node_modules/zod', 'node_modules/retry', 'node_modules/buffer-equal-constant-time');
    for (const file of ['zod/LICENSE', 'retry/License', 'buffer-equal-constant-time/LICENSE.txt'])
      assert.ok(text.includes(readFileSync(`node_modules/${file}`, 'utf8').replaceAll('\r\n', '\n').trim()), file);
    assert.match(text, /^zod \d+\.\d+\.\d+ \(MIT\)$/m);
  });

  it('has a text once that several packages share', () => {
    const text = of('node_modules/google-gax', 'node_modules/google-auth-library');
    assert.equal(text.match(/TERMS AND CONDITIONS FOR USE/g)?.length, 1);
    assert.match(text, /^google-auth-library .*\ngoogle-gax .*$/m);
  });

  it('says of a package that it comes without a text', () => {
    assert.match(of('node_modules/stubs'), /^stubs 3\.0\.0 \(MIT\)\n\nThe package comes without the text/m);
  });
});
