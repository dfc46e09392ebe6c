import { strict as assert } from 'node:assert';
import { Malformed } from '../../../shared/errors.ts';
import { unwrap } from '../../../shared/sources/unwrap.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const push = (body: unknown): Record<string, unknown> => ({
  message: { data: base64(JSON.stringify(body)), messageId: '7' },
  subscription: 'projects/p1/subscriptions/s1',
});
const event = (data: unknown): Record<string, unknown> => ({
  specversion: '1.0',
  id: '7',
  type: 't',
  source: 's',
  data,
});

describe('unwrapping a payload', () => {
  it('finds the payload bare, in a push body, and in a CloudEvent around either', () => {
    const payload = { insertId: 'a', n: 1 };
    for (const shape of [payload, push(payload), event(push(payload)), event(payload)]) {
      assert.deepEqual(unwrap(shape), payload);
    }
  });

  it('does not take an object with a field `message` as a Pub/Sub message', () => {
    const payload = { message: { text: 'hello' }, level: 'info' };
    assert.equal(unwrap(payload), payload);
  });

  it('does not take an object with a field `data` as a CloudEvent', () => {
    const payload = { data: { insertId: 'a' }, level: 'info' };
    assert.equal(unwrap(payload), payload);
  });

  const malformed: Array<[string, unknown, RegExp]> = [
    ['a list', [{}], /a list/],
    ['a string', 'x', /a string/],
    ['null', null, /null/],
    ['a message without data', { message: { messageId: '7' } }, /no data/],
    ['a message that has only attributes', { message: { attributes: {} } }, /no data/],
    ['a message that is not base64', { message: { data: '{"a":1}' } }, /not base64/],
    ['a message that is not JSON', { message: { data: base64('{') } }, /not JSON/],
    [
      'a text that is not UTF-8',
      { message: { data: Buffer.from('{"a":"\xff"}', 'latin1').toString('base64') } },
      /not JSON/,
    ],
    ['a message that holds a list', push([1]), /no JSON object/],
    ['an endless nest', JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`), /nested/],
  ];
  for (const [what, received, sentence] of malformed) {
    it(`refuses ${what} with a sentence`, () => {
      assert.throws(
        () => unwrap(received),
        (thrown) => thrown instanceof Malformed && sentence.test(thrown.message),
      );
    });
  }
});
