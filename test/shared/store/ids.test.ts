import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Malformed } from '../../../shared/errors.ts';
import { checkId, checkPrefix } from '../../../shared/store/ids.ts';

const AROUND = ['/', '/x', '\\', '\n', '\0', ' ', '%2f', '"', '?', '#', 'é'];

describe('store/ids', () => {
  it('lets an id name a document up to its full length, and nothing around it', () => {
    for (const id of [
      'a',
      '7',
      'i-1',
      'a.b_c~d-E',
      '...',
      '.a',
      '_a_',
      '__a',
      'a__',
      'a__b__',
      '__a__b',
      'a'.repeat(400),
    ]) {
      checkId('incidents', id);
      for (const extra of AROUND) {
        assert.throws(() => checkId('incidents', `${id}${extra}`), Malformed, `${id}${extra}`);
        assert.throws(() => checkId('incidents', `${extra}${id}`), Malformed, `${extra}${id}`);
      }
    }
    for (const id of ['', '.', '..', '__a__', '____', 'a'.repeat(401)])
      assert.throws(() => checkId('incidents', id), Malformed, id);
  });

  it('lets ids begin with nothing, or with what ids consist of', () => {
    for (const prefix of ['', 'i-', '.', 'a'.repeat(400)]) checkPrefix('incidents', prefix);
    for (const prefix of [...AROUND, ...AROUND.map((extra) => `i-${extra}`), 'a'.repeat(401)])
      assert.throws(() => checkPrefix('incidents', prefix), Malformed, prefix);
  });

  it('shows of a hostile id only its beginning, on one line', () => {
    for (const check of [checkId, checkPrefix])
      assert.throws(
        () => check('incidents', `\n${'/'.repeat(10_000)}`),
        (thrown: Error) =>
          thrown.message.length < 250 && !thrown.message.includes('\n') && /"\\n\/{79}"/.test(thrown.message),
      );
  });
});
