import { strict as assert } from 'node:assert';
import { Denied, Transient } from '../../shared/errors.ts';
import { makePolitePost } from '../../shared/polite-post.ts';

/** A service that gives these answers in turn, with a clock that the test moves. */
const politely = (...answers: Array<{ status: number; retryAfter?: string; body?: string }>) => {
  let now = Date.parse('2026-11-03T03:00:00.000Z');
  let calls = 0;
  const post = makePolitePost('Example', {
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    post: async () => {
      const { status, retryAfter, body = '' } = answers[calls] ?? assert.fail('asked once too often');
      calls += 1;
      return { status, retryAfter, body };
    },
  });
  const ask = () => post({ url: 'https://a.example.com', headers: {}, body: '' });
  return { ask, calls: () => calls, advance: (ms: number) => (now += ms) };
};

describe('makePolitePost', () => {
  const pauses: Array<[retryAfter: string | undefined, seconds: number]> = [
    ['11', 11],
    ['Tue, 03 Nov 2026 03:00:19 GMT', 19],
    [undefined, 30],
    ['soon', 30],
    ['-1', 30],
    ['0', 30],
    ['999999', 600],
  ];
  for (const [retryAfter, seconds] of pauses) {
    it(`throws on Retry-After ${retryAfter ?? 'nothing'}, and sends nothing for ${seconds} s`, async () => {
      const first = retryAfter === undefined ? { status: 429 } : { status: 429, retryAfter };
      const kit = politely(first, { status: 200, body: 'ok' });
      await assert.rejects(kit.ask(), new RegExp(`Example is asked too often: it is left alone for ${seconds} s`));
      await assert.rejects(kit.ask(), Transient);
      assert.equal(kit.calls(), 1);
      kit.advance(seconds * 1000);
      assert.deepEqual(await kit.ask(), { status: 200, retryAfter: undefined, body: 'ok' });
    });
  }

  it('waits for short pauses, 10 s in all, and then gives up', async () => {
    const kit = politely(
      { status: 429, retryAfter: '4' },
      { status: 429, retryAfter: '5' },
      { status: 200 },
      { status: 429, retryAfter: '6' },
      { status: 429, retryAfter: '6' },
    );
    assert.equal((await kit.ask()).status, 200);
    await assert.rejects(kit.ask(), /left alone for 6 s/);
    assert.equal(kit.calls(), 5);
  });

  it('throws Denied for a refusal and Transient for a server error, and returns other answers', async () => {
    const kit = politely({ status: 403, body: 'no "entry"\n' }, { status: 401 }, { status: 502 }, { status: 404 });
    await assert.rejects(
      kit.ask(),
      (thrown) => thrown instanceof Denied && thrown.message.endsWith(`(403): "no 'entry'"`),
    );
    await assert.rejects(kit.ask(), Denied);
    await assert.rejects(kit.ask(), Transient);
    assert.equal((await kit.ask()).status, 404);
  });
});
