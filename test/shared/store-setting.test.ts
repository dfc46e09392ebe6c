import assert from 'node:assert/strict';
import { readEvidenceSetting, readStoreSetting } from '../../shared/store-setting.ts';

describe('the setting of the document store', () => {
  it('is read as a Firestore database, or memory', () => {
    assert.deepEqual(readStoreSetting('firestore:incidents'), { kind: 'firestore', database: 'incidents' });
    assert.deepEqual(readStoreSetting('firestore:(default)'), { kind: 'firestore', database: '(default)' });
    assert.deepEqual(readStoreSetting('memory'), { kind: 'memory' });
  });

  it('is read as a file with full synchronisation, unless it says normal', () => {
    const path = '/data/with space/incidents.db';
    assert.deepEqual(readStoreSetting(`sqlite:${path}`), { kind: 'sqlite', path, synchronous: 'full' });
    assert.deepEqual(readStoreSetting(`sqlite:${path}?synchronous=normal`), {
      kind: 'sqlite',
      path,
      synchronous: 'normal',
    });
  });

  for (const text of ['', 'sqlite:', 'sqlite:?synchronous=normal', 'firestore:', 'firestore:A/b', 'redis:x'])
    it(`is undefined for ${JSON.stringify(text)}`, () => assert.equal(readStoreSetting(text), undefined));
});

describe('the setting of the evidence store', () => {
  it('is read as a bucket, or a folder with full synchronisation unless it says normal', () => {
    assert.deepEqual(readEvidenceSetting('gs://p1-evidence'), { kind: 'storage', bucket: 'p1-evidence' });
    const path = '/data/with space/evidence';
    assert.deepEqual(readEvidenceSetting(`folder:${path}`), { kind: 'folder', path, synchronous: 'full' });
    const relaxed = readEvidenceSetting(`folder:${path}?synchronous=normal`);
    assert.deepEqual(relaxed, { kind: 'folder', path, synchronous: 'normal' });
  });

  for (const text of ['', 'folder:', 'folder:?synchronous=normal', 'gs://', 'gs://A', 'p1-evidence'])
    it(`is undefined for ${JSON.stringify(text)}`, () => assert.equal(readEvidenceSetting(text), undefined));
});
