import { strict as assert } from 'node:assert';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type Payload, payloadsOf } from '../../cli/payloads.ts';

const read = async (...chunks: Array<string | Buffer>): Promise<Payload[]> => {
  const payloads: Payload[] = [];
  for await (const some of payloadsOf(Readable.from(chunks))) payloads.push(...some);
  return payloads;
};

const MiB = 1024 * 1024;

describe('the payloads of a stream', () => {
  it('are the lines of NDJSON, with their numbers', async () => {
    assert.deepEqual(await read('{"a":1}\n\n  \r\n{"a":2}\r\nno\n{"a":3}'), [
      { line: 1, json: { a: 1 } },
      { line: 4, json: { a: 2 } },
      { line: 5, because: 'not JSON' },
      { line: 6, json: { a: 3 } },
    ]);
  });

  it('are the elements of a JSON array, with theirs', async () => {
    const expected = [
      { line: 1, json: { a: 1 } },
      { line: 2, json: 2 },
    ];
    assert.deepEqual(await read('[{"a":1},2]'), expected);
    assert.deepEqual(await read('\n[\n  {\n    "a": 1\n  },\n  2\n]\n'), expected);
  });

  it('are one where a single object goes over several lines', async () => {
    assert.deepEqual(await read('{\n  "a": [\n    1\n  ]\n}\n'), [{ line: 1, json: { a: [1] } }]);
  });

  it('are none in an empty stream', async () => {
    assert.deepEqual(await read(), []);
    assert.deepEqual(await read('\n \n'), []);
  });

  it('are an error, not a crash, where an array never ends', async () => {
    assert.deepEqual(await read('[{"a":1},\n'), [{ line: 1, because: 'not JSON' }]);
  });

  it('are the same however the stream is cut, also within a character', async () => {
    const whole = Buffer.from('\ufeff{"a":"ü🔥"}\n{"b":2}\n');
    const expected = await read(whole);
    assert.equal(expected.length, 2);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 5 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, i) => whole.subarray(at[i], end));
        assert.deepEqual(await read(...chunks.filter((chunk) => chunk.length > 0)), expected);
      }),
    );
  });

  it('leave out a line longer than any log entry, and go on after it', async () => {
    const part = 'x'.repeat(MiB);
    const [long, next, ...more] = await read('{"a":"', ...Array.from({ length: 9 }, () => part), '"}\n{"a":2}\n');
    assert.equal(long?.line, 1);
    assert.match(long !== undefined && !('json' in long) ? long.because : '', /longer than 8 MiB/);
    assert.deepEqual(next, { line: 2, json: { a: 2 } });
    assert.deepEqual(more, []);
  });

  it('may be a long array in one line', async () => {
    const items = Array.from({ length: 9 }, () => `"${'x'.repeat(MiB)}"`);
    assert.equal((await read(`[${items[0]}`, ...items.slice(1).map((item) => `,${item}`), ']')).length, 9);
  });
});
