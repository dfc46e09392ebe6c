import { strict as assert } from 'node:assert';
import { SourceMap } from 'node:module';
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { asScript } from '../../../scripts/build/as-script.ts';

const MODULE = `import { one } from './one.js';

export let made = 0;
export const make = async () => {
  made += one;
  return (await import('./two.js')).two;
};
`;

const scriptOf = async (source: string) => {
  const { code, map } = await transform(source, { sourcemap: 'external', sourcefile: 'a.ts' });
  return asScript('a.js', code, map);
};

describe('asScript', () => {
  it('requires its imports, lazily if they were lazy, and exports the current value of a variable', async () => {
    const { code } = await scriptOf(MODULE);
    const asked: string[] = [];
    const module = { exports: { made: -1, make: async () => '' } };
    const require = (name: string) => {
      asked.push(name);
      return name === './one.js' ? { one: 1 } : { __esModule: true, two: 'two' };
    };
    runInNewContext(code, { module, exports: module.exports, require });
    assert.deepEqual(asked, ['./one.js']);
    assert.equal(await module.exports.make(), 'two');
    assert.deepEqual([asked, module.exports.made], [['./one.js', './two.js'], 1]);
  });

  it('has a map to the sources, not to the intermediate module', async () => {
    const { code, map } = await scriptOf(MODULE);
    const lines = code.split('\n');
    const line = lines.findIndex((one) => one.includes('+='));
    const entry = new SourceMap(JSON.parse(map)).findEntry(line, (lines[line] ?? '').indexOf('+='));
    assert.ok('originalSource' in entry);
    assert.deepEqual([entry.originalSource, entry.originalLine], ['a.ts', 4]);
  });

  it('refuses what a script cannot have', async () => {
    await assert.rejects(scriptOf('export const url = import.meta.url;'), /a\.js uses import\.meta/);
  });
});
