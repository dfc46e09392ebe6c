import { strict as assert } from 'node:assert';
import { packagesOf } from '../../../scripts/build/packages.ts';

const LOCK = {
  packages: {
    '': { version: '0.1.0', license: 'Apache-2.0' },
    'node_modules/@s/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/b': { version: '2.0.0', license: 'ISC' },
    'node_modules/b/node_modules/@s/a': { version: '3.0.0', license: 'MIT' },
    'node_modules/nameless': { version: '1.0.0' },
  },
};

describe('packagesOf', () => {
  it('names the innermost package of each file once, wherever the folder of packages is', () => {
    const found = packagesOf(
      [
        'shared/log.ts',
        'node_modules/b/node_modules/@s/a/index.js',
        '../elsewhere/node_modules/@s/a/lib/x.js?part',
        'node_modules/@s/a/index.js',
        'node_modules/b',
        '',
      ],
      LOCK,
    );
    assert.deepEqual(found, [
      { path: 'node_modules/@s/a', name: '@s/a', version: '1.0.0', license: 'MIT' },
      { path: 'node_modules/b', name: 'b', version: '2.0.0', license: 'ISC' },
      { path: 'node_modules/b/node_modules/@s/a', name: '@s/a', version: '3.0.0', license: 'MIT' },
    ]);
  });

  it('refuses a package that the lock file does not have, or has without a licence', () => {
    for (const path of ['node_modules/c/index.js', 'node_modules/nameless/index.js'])
      assert.throws(() => packagesOf([path], LOCK), /does not say the version and the licence of node_modules/);
  });
});
