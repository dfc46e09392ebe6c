import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { makeNotify } from '../../../functions/notify/handler.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import type { Notifier } from '../../../shared/notifiers/notifier.ts';
import type { Log } from '../../../shared/ports.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';

type Line = { arrow: string; message: string; fields: Record<string, unknown> | undefined };

const NOW = Date.parse('2026-11-03T03:14:04.000Z');

const notice = (over: Partial<Notice> = {}): Notice => ({
  v: 1,
  incident: 'shop-cart-3f2a-1',
  seq: 0,
  kind: 'opened',
  at: '2026-11-03T03:12:04.410Z',
  title: 'reverse shell in shop/cart-7d9f',
  lines: ['ana@example.com ran a shell'],
  severity: 'high',
  tier: 'quarantine',
  state: 'containing',
  target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-7d9f' },
  ...over,
});

const envelope = (data: unknown): Envelope => ({
  id: '1',
  topic: 'notices',
  attributes: {},
  data,
  publishedAt: '2026-11-03T03:12:05.000Z',
});

const setUp = (notifiers?: readonly Notifier[]) => {
  const lines: Line[] = [];
  const write = (arrow: string, message: string, fields?: Record<string, unknown>): void => {
    lines.push({ arrow, message, fields });
  };
  const log: Log = { info: write, warn: write, error: write, count: write };
  const clock = { now: () => NOW, random: () => randomBytes(16).toString('hex') };
  const { threads } = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const notify = makeNotify({ log, clock, threads }, notifiers);
  return { notify, lines, threads, told: () => lines.filter((line) => line.arrow === 'notice -> log') };
};

/** A notifier that keeps what it is told and refuses while `down` says so. */
const recorder = (id: string, down: () => boolean = () => false) => {
  const seen: number[] = [];
  const notifier: Notifier = {
    id,
    does: 'keeps',
    send: async ({ seq }) => {
      if (down()) throw new Error(`${id} answered 503`);
      seen.push(seq);
    },
  };
  return { notifier, seen };
};

describe('notify', () => {
  it('writes a line that can be alerted on', async () => {
    const { notify, told } = setUp();
    await notify(envelope(notice()));
    assert.deepEqual(told(), [
      {
        arrow: 'notice -> log',
        message: '[high] reverse shell in shop/cart-7d9f',
        fields: {
          incident: 'shop-cart-3f2a-1',
          kind: 'opened',
          severity: 'high',
          state: 'containing',
          tier: 'quarantine',
          seq: 0,
          target: notice().target,
          lines: ['pod shop/cart-7d9f in p1/europe-west1/c1: containing, quarantine', 'ana@example.com ran a shell'],
        },
      },
    ]);
  });

  it('shows each notice once, and none that is older than what it has shown', async () => {
    const { notify, told } = setUp();
    for (const seq of [0, 2, 2, 1, 3]) await notify(envelope(notice({ seq })));
    assert.deepEqual(
      told().map((line) => line.fields?.seq),
      [0, 2, 3],
    );
  });

  it('numbers each incident by itself', async () => {
    const { notify, told } = setUp();
    await notify(envelope(notice({ seq: 4 })));
    await notify(envelope(notice({ seq: 0, incident: 'shop-web-1' })));
    assert.equal(told().length, 2);
  });

  it('asks for another delivery where one notifier fails, which then repeats only that one', async () => {
    let down = true;
    const [works, fails] = [recorder('works'), recorder('fails', () => down)];
    const { notify } = setUp([works.notifier, fails.notifier]);
    await assert.rejects(notify(envelope(notice())), (thrown) => {
      assert.ok(thrown instanceof Transient);
      assert.match(thrown.message, /notice 0 of shop-cart-3f2a-1 did not get through: fails: fails answered 503/);
      return true;
    });
    down = false;
    await notify(envelope(notice()));
    assert.deepEqual([works.seen, fails.seen], [[0], [0]]);
  });

  it('keeps the newer number of a delivery that ran beside it', async () => {
    const first = recorder('r');
    const { notify, threads } = setUp([
      {
        ...first.notifier,
        send: async (one, ports) => {
          await first.notifier.send(one, ports);
          if (one.seq === 1) await notify(envelope(notice({ seq: 5 })));
        },
      },
    ]);
    await notify(envelope(notice({ seq: 1 })));
    assert.deepEqual((await threads.get('shop-cart-3f2a-1'))?.shown, { r: 5 });
    await notify(envelope(notice({ seq: 4 })));
    assert.deepEqual(first.seen, [1, 5]);
  });

  it('refuses what is no notice, naming the field', async () => {
    const { notify, told } = setUp();
    const { kind: _, ...without } = notice();
    for (const body of [without, { ...notice(), seq: -1 }, 'notice', null, { ...notice(), v: 2 }]) {
      await assert.rejects(notify(envelope(body)), Malformed);
    }
    await assert.rejects(notify(envelope(without)), /kind/);
    assert.deepEqual(told(), []);
  });

  it('shows nothing that moves a cursor or ends a line', async () => {
    const { notify, told } = setUp();
    await notify(envelope(notice({ title: 'a\u001b[2J\nb', lines: ['c\r\nd\u202e'] })));
    assert.doesNotMatch(JSON.stringify(told()), /\\u001b|\\n|\\r|\u202e/);
  });
});
