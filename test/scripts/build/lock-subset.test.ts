import { strict as assert } from 'node:assert';
import { lockSubset, type Manifest } from '../../../scripts/build/lock-subset.ts';

const manifest = (dependencies: Record<string, string>): Manifest => ({
  name: 'f',
  version: '1.0.0',
  license: 'MIT',
  dependencies,
  engines: { node: '24' },
});

const LOCK = {
  name: 'root',
  lockfileVersion: 3,
  packages: {
    '': { name: 'root', dependencies: { a: '1.0.0', z: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a', dependencies: { b: '^1.0.0', c: '*' } },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/a/node_modules/b': { version: '1.5.0', dependencies: { '@s/d': '1' } },
    'node_modules/c': { version: '3.0.0', optionalDependencies: { nowhere: '1' }, dependencies: { b: '2' } },
    'node_modules/@s/d': {
      version: '1.0.0',
      peerDependencies: { a: '1', absent: '1' },
      peerDependenciesMeta: { absent: { optional: true } },
    },
    'node_modules/z': { version: '1.0.0' },
  },
};

describe('lockSubset', () => {
  it('keeps what is needed, with its locked version and place, and nothing else', () => {
    const own = manifest({ a: '1.0.0' });
    assert.deepEqual(lockSubset(LOCK, own), {
      name: 'f',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': own,
        'node_modules/@s/d': LOCK.packages['node_modules/@s/d'],
        'node_modules/a': LOCK.packages['node_modules/a'],
        'node_modules/a/node_modules/b': LOCK.packages['node_modules/a/node_modules/b'],
        'node_modules/b': LOCK.packages['node_modules/b'],
        'node_modules/c': LOCK.packages['node_modules/c'],
      },
    });
  });

  it('refuses a lock file that lacks a package or has another format', () => {
    assert.throws(() => lockSubset(LOCK, manifest({ q: '1' })), /package-lock\.json has no q, which f needs/);
    assert.throws(() => lockSubset({ ...LOCK, lockfileVersion: 1 }, manifest({})));
  });
});
