import { strict as assert } from 'node:assert';
import { setImmediate as turn } from 'node:timers/promises';
import { makeSpans } from '../../../shared/adapters/spans.ts';

const PARENT = { traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) };

describe('spans that are sent nowhere', () => {
  it('hand on the trace of their parent, with a span id of their own', async () => {
    const spans = makeSpans();
    await spans.span('outer', { parent: PARENT }, async () => {
      const outer = spans.current();
      assert.equal(outer?.traceId, PARENT.traceId);
      assert.notEqual(outer?.spanId, PARENT.spanId);
      await spans.span('inner', {}, async () => {
        assert.equal(spans.current()?.traceId, PARENT.traceId);
        assert.notEqual(spans.current()?.spanId, outer?.spanId);
      });
      assert.deepEqual(spans.current(), outer);
    });
  });

  it('begin a trace if they have no parent', async () => {
    const spans = makeSpans();
    const ids = await Promise.all([1, 2].map(() => spans.span('a', {}, async () => spans.current())));
    assert.match(ids[0]?.traceId ?? '', /^[0-9a-f]{32}$/);
    assert.match(ids[0]?.spanId ?? '', /^[0-9a-f]{16}$/);
    assert.notEqual(ids[0]?.traceId, ids[1]?.traceId);
  });

  it('keep concurrent work apart', async () => {
    const spans = makeSpans();
    const work = (n: number) =>
      spans.span(`work ${n}`, {}, async () => {
        const before = spans.current();
        await turn();
        assert.deepEqual(spans.current(), before);
        return before?.traceId;
      });
    assert.equal(new Set(await Promise.all(Array.from({ length: 20 }, (_, n) => work(n)))).size, 20);
  });

  it('do not exist outside of work, and pass on its result or error', async () => {
    const spans = makeSpans();
    assert.equal(spans.current(), undefined);
    spans.event('x', {});
    spans.past('y', 5, {});
    assert.equal(await spans.span('a', {}, async () => 7), 7);
    await assert.rejects(
      spans.span('a', {}, async () => {
        throw new TypeError('a bug');
      }),
      TypeError,
    );
    assert.equal(spans.current(), undefined);
    await spans.flush();
  });
});
