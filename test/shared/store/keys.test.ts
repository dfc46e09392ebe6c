import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Malformed } from '../../../shared/errors.ts';
import { checkKeyPrefix, segmentsOf } from '../../../shared/store/keys.ts';

const HOSTILE = [
  '../a',
  'a/../b',
  'a/..',
  './a',
  'a/./b',
  '/a',
  'a/',
  'a//b',
  'a b',
  'a\nb',
  'a\\b',
  'a%2fb',
  'a?b',
  'é',
  '',
];
const long = (length: number): string => 'a'.repeat(length);

describe('store/keys', () => {
  it('takes a key apart that consists of plain segments, up to its full length', () => {
    assert.deepEqual(segmentsOf('incidents/i-1/u#objects/pod.json'), ['incidents', 'i-1', 'u#objects', 'pod.json']);
    for (const key of ['a', '...', 'a=b', long(200), `${long(199)}/`.repeat(4) + long(100)]) segmentsOf(key);
    for (const key of [...HOSTILE, long(201), `${long(199)}/`.repeat(4) + long(101)])
      assert.throws(() => segmentsOf(key), Malformed, key);
  });

  it('lets a listing begin with a part of a key, but with no step upwards', () => {
    for (const prefix of ['', 'a', 'incidents/', 'incidents/i-', 'a/.', 'a/..', long(900)]) checkKeyPrefix(prefix);
    for (const prefix of ['/a', 'a//', '../a', 'a/../', './', '..\\', 'a b', 'a\n', 'é', long(901)])
      assert.throws(() => checkKeyPrefix(prefix), Malformed, prefix);
  });

  it('shows of a hostile key only its beginning, on one line', () => {
    for (const check of [segmentsOf, checkKeyPrefix])
      assert.throws(
        () => check(`\n${' '.repeat(10_000)}`),
        (thrown: Error) =>
          thrown.message.length < 250 && !thrown.message.includes('\n') && /"\\n {79}"/.test(thrown.message),
      );
  });
});
