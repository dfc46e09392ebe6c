import assert from 'node:assert/strict';
import { readStoreSetting } from '../../shared/store-setting.ts';

describe('a setting of where documents are kept', () => {
  it('is a database of Firestore, a file, or memory', () => {
    assert.deepEqual(readStoreSetting('firestore:incidents'), { kind: 'firestore', database: 'incidents' });
    assert.deepEqual(readStoreSetting('firestore:(default)'), { kind: 'firestore', database: '(default)' });
    assert.deepEqual(readStoreSetting('memory'), { kind: 'memory' });
  });

  it('is a file whose commits outlive a power cut, unless it is said that they need not', () => {
    const path = '/data/with space/incidents.db';
    assert.deepEqual(readStoreSetting(`sqlite:${path}`), { kind: 'sqlite', path, synchronous: 'full' });
    assert.deepEqual(readStoreSetting(`sqlite:${path}?synchronous=normal`), {
      kind: 'sqlite',
      path,
      synchronous: 'normal',
    });
  });

  for (const text of ['', 'sqlite:', 'sqlite:?synchronous=normal', 'firestore:', 'firestore:A/b', 'redis:x'])
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(readStoreSetting(text), undefined));
});
