import { strict as assert } from 'node:assert';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type Payload, payloadsOf } from '../../cli/payloads.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { LEASE } from '../fixtures/lease.ts';

const read = async (...chunks: Array<string | Buffer>): Promise<Payload[]> => {
  const payloads: Payload[] = [];
  for await (const some of payloadsOf(Readable.from(chunks))) payloads.push(...some);
  return payloads;
};

const MiB = 1024 * 1024;

describe('payloadsOf', () => {
  it('yields the lines of NDJSON, with their numbers', async () => {
    assert.deepEqual(await read('{"a":1}\n\n  \r\n{"a":2}\r\nno\n{"a":3}'), [
      { line: 1, json: { a: 1 } },
      { line: 4, json: { a: 2 } },
      { line: 5, because: 'not JSON' },
      { line: 6, json: { a: 3 } },
    ]);
  });

  it('yields the elements of a JSON array, numbered', async () => {
    const expected = [
      { line: 1, json: { a: 1 } },
      { line: 2, json: 2 },
    ];
    assert.deepEqual(await read('[{"a":1},2]'), expected);
    assert.deepEqual(await read('\n[\n  {\n    "a": 1\n  },\n  2\n]\n'), expected);
  });

  it('yields one payload for a single object that spans several lines', async () => {
    assert.deepEqual(await read('{\n  "a": [\n    1\n  ]\n}\n'), [{ line: 1, json: { a: [1] } }]);
  });

  for (const torn of ['[', '{', '["a', '[]', '[1]'])
    it(`yields the lines of NDJSON after a first line of ${torn}`, async () => {
      const [first, ...others] = await read(`${torn}\n{"a":1}\n\n{"a":{}}\nno\n`);
      assert.equal(first?.line, 1);
      assert.deepEqual(others, [
        { line: 2, json: { a: 1 } },
        { line: 4, json: { a: {} } },
        { line: 5, because: 'not JSON' },
      ]);
    });

  it('yields a heartbeat without its content, alone and after a torn line', async () => {
    const heartbeat = JSON.stringify(auditEntry(LEASE));
    assert.deepEqual(await read(`${heartbeat}\n {"a":1}`), [
      { line: 1, isHeartbeat: true },
      { line: 2, json: { a: 1 } },
    ]);
    assert.deepEqual(await read(`[\n${heartbeat}\r\n`), [
      { line: 1, because: 'not JSON' },
      { line: 2, isHeartbeat: true },
    ]);
    assert.deepEqual(await read(`[${heartbeat}]`), [{ line: 1, json: JSON.parse(heartbeat) }]);
  });

  it('yields one error for an array over several lines that never ends', async () => {
    assert.deepEqual(await read('[\n  {\n    "a": 1\n  },\n  {\n'), [{ line: 1, because: 'not JSON' }]);
  });

  const little = (text: string): Buffer => Buffer.from(text, 'utf16le');
  const big = (text: string): Buffer => little(text).swap16();
  for (const [what, encoded] of [
    ['with a mark, as PowerShell writes it', little('\ufeff{"a":"é"}\r\n{"a":2}\r\n')],
    ['without a mark', little('{"a":"é"}\r\n{"a":2}')],
    ['the other way round', big('\ufeff{"a":"é"}\n{"a":2}')],
    ['the other way round, without a mark', big('{"a":"é"}\n{"a":2}')],
  ] as const)
    it(`reads UTF-16 ${what}, however it is cut`, async () => {
      const expected = [
        { line: 1, json: { a: 'é' } },
        { line: 2, json: { a: 2 } },
      ];
      assert.deepEqual(await read(encoded), expected);
      assert.deepEqual(await read(...Array.from(encoded, (_, at) => encoded.subarray(at, at + 1))), expected);
    });

  it('yields the lines after one that is all zeros, as a crash of a machine leaves', async () => {
    assert.deepEqual(await read(Buffer.from('\0\0\0\n{"a":1}\n')), [
      { line: 1, because: 'not JSON' },
      { line: 2, json: { a: 1 } },
    ]);
  });

  it('reads a file of one byte', async () => {
    assert.deepEqual(await read(Buffer.from('1')), [{ line: 1, json: 1 }]);
  });

  it('yields nothing for an empty stream', async () => {
    assert.deepEqual(await read(), []);
    assert.deepEqual(await read('\n \n'), []);
  });

  it('yields an error, and does not crash, if an array never ends', async () => {
    assert.deepEqual(await read('[{"a":1},\n'), [{ line: 1, because: 'not JSON' }]);
  });

  it('yields the same however the stream is cut, also within a character', async () => {
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

  it('skips a line longer than any log entry, and goes on after it', async () => {
    const part = 'x'.repeat(MiB);
    const [long, next, ...more] = await read('{"a":"', ...Array.from({ length: 9 }, () => part), '"}\n{"a":2}\n');
    assert.equal(long?.line, 1);
    assert.match(long !== undefined && 'because' in long ? long.because : '', /longer than 8 MiB/);
    assert.deepEqual(next, { line: 2, json: { a: 2 } });
    assert.deepEqual(more, []);
  });

  it('reads a long array in a single line', async () => {
    const items = Array.from({ length: 9 }, () => `"${'x'.repeat(MiB)}"`);
    assert.equal((await read(`[${items[0]}`, ...items.slice(1).map((item) => `,${item}`), ']')).length, 9);
  });
});
