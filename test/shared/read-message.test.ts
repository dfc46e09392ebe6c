import { strict as assert } from 'node:assert';
import { Malformed, Transient } from '../../shared/errors.ts';
import { notice } from '../../shared/model/notice.ts';
import { readMessage } from '../../shared/read-message.ts';

const NOTICE = {
  v: 1,
  incident: 'i-0123456789ab-1',
  seq: 0,
  kind: 'info',
  at: '2026-11-03T03:12:04.000Z',
  title: 'a test',
  lines: [],
  severity: null,
  tier: null,
  state: 'open',
  target: { project: 'p1' },
};

const read = (data: unknown) => readMessage({ id: 'm-1', data }, 'notice', notice);

describe('readMessage', () => {
  it('leaves out a field that only a newer release knows', () => {
    assert.deepEqual(read({ ...NOTICE, mood: 'calm' }), NOTICE);
  });

  it('throws Transient for a newer version, whatever its shape', () => {
    for (const newer of [
      { ...NOTICE, v: 2 },
      { v: 3, shape: 'unknown' },
    ])
      assert.throws(
        () => read(newer),
        (thrown: Error) => {
          assert.ok(thrown instanceof Transient, String(thrown));
          assert.match(
            thrown.message,
            /^message m-1 is a notice of version \d, newer than the 1 that this release reads$/,
          );
          return true;
        },
      );
  });

  it('throws Malformed for all else, naming the field', () => {
    const cases: Array<[unknown, RegExp]> = [
      [{ ...NOTICE, v: 0 }, /message m-1 is no notice: v: /],
      [{ ...NOTICE, kind: 'greeting' }, /message m-1 is no notice: kind: /],
      [{ ...NOTICE, target: { project: 'p1', planet: 'x' } }, /message m-1 is no notice: target: .*planet/],
      [{ ...NOTICE, v: '2' }, /message m-1 is no notice: v: /],
      [{ ...NOTICE, kind: 'greeting', title: 7 }, /message m-1 is no notice: kind: /],
      [null, /message m-1 is no notice/],
      ['x', /message m-1 is no notice/],
    ];
    for (const [data, expected] of cases)
      assert.throws(
        () => read(data),
        (thrown: Error) => {
          assert.ok(thrown instanceof Malformed, String(thrown));
          assert.match(thrown.message, expected);
          return true;
        },
      );
  });
});
