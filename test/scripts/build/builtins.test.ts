import { strict as assert } from 'node:assert';
import { build } from 'esbuild';
import { builtinsByRequire } from '../../../scripts/build/builtins.ts';

const bundled = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, sourcefile: 'entry.js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [builtinsByRequire],
  });
  return outputFiles[0]?.text ?? '';
};

describe('builtinsByRequire', () => {
  for (const name of ['node:http', 'http2', 'node:fs/promises', 'node:sqlite']) {
    it(`requires ${name}`, async () => {
      const text = await bundled(`import * as all from '${name}'; console.log(all);`);
      assert.match(text, new RegExp(`\\("${name}"\\)`));
      assert.doesNotMatch(text, /^import /m);
    });
  }

  it('leaves lazy imports unchanged', async () => {
    assert.match(await bundled("import('node:http').then(console.log);"), /import\("node:http"\)/);
  });
});
