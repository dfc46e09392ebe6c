import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { logLine } from '../../shared/log.ts';

const line = (message: string, fields?: Record<string, unknown>) =>
  JSON.parse(logLine({ severity: 'INFO', arrow: 'plan -> step', message, fields, at: 0 }));

// Every control character, separator and direction mark is below U+2070.
const hostile = fc.string({ unit: fc.nat(0x2070).map((code) => String.fromCharCode(code)) });

describe('logLine', () => {
  it('writes severity, time, message, arrow, incident, trace and fields', () => {
    const entry = { severity: 'WARNING', arrow: 'finding -> incident', message: 'merged', at: 1000 } as const;
    const written = logLine({
      ...entry,
      function: 'decide',
      project: 'p1',
      trace: 'ab',
      fields: { incident: 'i1', n: 2 },
    });
    assert.deepEqual(JSON.parse(written), {
      severity: 'WARNING',
      time: '1970-01-01T00:00:01.000Z',
      message: 'merged',
      function: 'decide',
      arrow: 'finding -> incident',
      incident: 'i1',
      'logging.googleapis.com/trace': 'projects/p1/traces/ab',
      fields: { n: 2 },
    });
  });

  it('puts labels where Cloud Logging reads them, only texts, and bounded', () => {
    const labels = { firebreak_incident: 'i-1', n: 2, long: 'x'.repeat(2000), 'a\u001b': 'b\nc' };
    const written = line('x', { labels, n: 1 });
    const { long, ...short } = written['logging.googleapis.com/labels'];
    assert.deepEqual([short, written.fields], [{ firebreak_incident: 'i-1', a: 'b c' }, { n: 1 }]);
    assert.equal(long.length, 1024);
    assert.deepEqual(line('x', { labels: 'none' })['logging.googleapis.com/labels'], undefined);
  });

  it('counts a metric', () => {
    const { metric, count } = JSON.parse(logLine({ severity: 'WARNING', metric: 'malformed', message: 'x', at: 0 }));
    assert.deepEqual({ metric, count }, { metric: 'malformed', count: 1 });
  });

  it('removes control characters and characters that reorder text', () => {
    assert.equal(
      line('a\u001b[31mb\r\n{"severity":"ERROR"}\u202ec\u2066d\u0085').message,
      'a [31mb {"severity":"ERROR"} c d',
    );
    assert.deepEqual(Object.keys(line('x', { 'k\u0007': 1 }).fields), ['k']);
  });

  it('redacts values by their key at any depth, and credentials inside text', () => {
    const secrets = {
      token: 'a',
      idToken: 'b',
      Authorization: 'c',
      password: 'd',
      'ssh-keys': 'e',
      client_secret: 'f',
    };
    const { fields } = line('x', { ...secrets, deep: { list: [{ apiKey: 'g', name: 'kept' }] } });
    for (const key of Object.keys(secrets)) assert.equal(fields[key], '[redacted]');
    assert.deepEqual(fields.deep.list, [{ apiKey: '[redacted]', name: 'kept' }]);
    assert.equal(line('sent Authorization: Bearer abc.def-ghi to x').message, 'sent Authorization: [redacted] to x');
    assert.equal(line('got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here').message, 'got [redacted] here');
  });

  it('limits text, lists and depth', () => {
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    const { fields } = line('x', { text: 'y'.repeat(5000), list: Array(80).fill(1), deep });
    assert.equal(fields.text.length, 1024);
    assert.equal(fields.list.length, 51);
    assert.equal(fields.deep.a.b.c.d, '[deeper]');
  });

  it('writes circular objects, errors, bigints, dates and bytes', () => {
    const circle: Record<string, unknown> = { big: 10n, at: new Date(0), bytes: new Uint8Array(3), gone: undefined };
    circle.self = circle;
    circle.error = new TypeError('bad');
    assert.deepEqual(line('x', circle).fields, {
      big: '10',
      at: '1970-01-01T00:00:00.000Z',
      bytes: '3 bytes',
      self: '[circular]',
      error: 'TypeError: bad',
    });
  });

  it('writes only the size of fields that are too large together', () => {
    const wide = Array.from({ length: 50 }, () => Array(50).fill('y'.repeat(100)));
    assert.match(line('x', { wide }).fields.leftOut, /^\d+ characters$/);
  });

  it('is one line of JSON for any text', () => {
    fc.assert(
      fc.property(hostile, fc.dictionary(hostile, fc.anything()), (text, fields) => {
        const written = logLine({ severity: 'INFO', message: text, fields, at: 0 });
        assert.doesNotMatch(written, /[\n\r\u2028\u202e]/);
        assert.equal(JSON.parse(written).severity, 'INFO');
      }),
    );
  });
});
