import { strict as assert } from 'node:assert';
import { systemClock } from '../../../shared/adapters/clock.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import type { Open } from '../../../shared/notifiers/notifier.ts';
import { INCIDENT, noticeOf, notifyKit } from '../../kit/notices.ts';

/** A notifier that records the notices it gets, and throws while `down` returns true. */
const recorder = (id: string, down: () => boolean = () => false) => {
  const seen: number[] = [];
  const late: number[] = [];
  const open: Open = {
    id,
    send: async ({ seq }, sending) => {
      if (down()) throw new Error(`${id} answered 503`);
      seen.push(seq);
      if (sending.late) late.push(seq);
    },
  };
  return { open, seen, late };
};

describe('notify', () => {
  it('sends each notice once in any order, and marks one as late that comes after a newer one', async () => {
    const { open, seen, late } = recorder('r');
    const { notify, lines } = notifyKit({ notifiers: [open] });
    for (const seq of [0, 2, 2, 1, 3, 1]) await notify(noticeOf({ seq }));
    assert.deepEqual([seen, late], [[0, 2, 1, 3], [1]]);
    assert.deepEqual(
      lines.map(({ arrow, fields }) => [arrow, fields?.seq]),
      [
        ['notice -> dropped', 2],
        ['notice -> dropped', 1],
      ],
    );
  });

  it('numbers each incident separately', async () => {
    const { open, seen, late } = recorder('r');
    const { notify } = notifyKit({ notifiers: [open] });
    await notify(noticeOf({ seq: 4 }));
    await notify(noticeOf({ seq: 0, incident: 'i-0123456789ac-1' }));
    assert.deepEqual([seen, late], [[4, 0], []]);
  });

  it('throws if one notifier fails, and then repeats the notice only to that notifier', async () => {
    let down = true;
    const [works, fails] = [recorder('works'), recorder('fails', () => down)];
    const { notify } = notifyKit({ notifiers: [works.open, fails.open] });
    await assert.rejects(notify(noticeOf()), (thrown) => {
      assert.ok(thrown instanceof Transient);
      assert.match(thrown.message, /notice 0 of i-0123456789ab-1 did not get through: fails: fails answered 503/);
      return true;
    });
    await assert.rejects(notify(noticeOf()), Transient);
    down = false;
    await notify(noticeOf());
    assert.deepEqual([works.seen, fails.seen], [[0], [0]]);
  });

  it('sends a failed notice once the notifier works again, although newer ones were sent', async () => {
    let down = true;
    const { open, seen, late } = recorder('r', () => down);
    const { notify } = notifyKit({ notifiers: [open] });
    await assert.rejects(notify(noticeOf({ seq: 1 })), Transient);
    down = false;
    await notify(noticeOf({ seq: 2 }));
    await notify(noticeOf({ seq: 1 }));
    assert.deepEqual([seen, late], [[2, 1], [1]]);
  });

  it('sends one notice of an incident at a time', async () => {
    const order: string[] = [];
    let atWork = 0;
    const slow: Open = {
      id: 'slow',
      send: async ({ seq }) => {
        atWork += 1;
        order.push(`${seq} with ${atWork}`);
        await new Promise((done) => setTimeout(done, 5));
        atWork -= 1;
      },
    };
    const { deliver } = notifyKit({ notifiers: [slow], clock: systemClock });
    await Promise.all([deliver(noticeOf({ seq: 0 })), deliver(noticeOf({ seq: 0 })), deliver(noticeOf({ seq: 1 }))]);
    assert.deepEqual(order.toSorted(), ['0 with 1', '1 with 1']);
  });

  it('takes over the thread of a delivery that died, once its lease is over', async () => {
    const { open, seen } = recorder('r');
    const { notify, threads, clock } = notifyKit({ notifiers: [open] });
    const until = new Date(clock.now() + 60_000).toISOString();
    await threads.put(INCIDENT, { v: 1, rev: 0, writer: '', lease: { token: 'dead', until } }, null);
    await assert.rejects(notify(noticeOf()), /another notice of i-0123456789ab-1 is being told/);
    assert.deepEqual(seen, []);
    await clock.sleep(60_000);
    await notify(noticeOf());
    assert.deepEqual(seen, [0]);
    assert.equal((await threads.get(INCIDENT))?.lease, undefined);
  });

  it('keeps what another process wrote to the thread meanwhile', async () => {
    const { threads, notify } = notifyKit({
      notifiers: [
        {
          id: 'r',
          send: async (_, { kept }) => {
            const doc = await threads.get(INCIDENT);
            await threads.put(INCIDENT, { ...doc, v: 1, rev: 0, writer: '', told: { other: [7] } }, doc?.rev ?? null);
            await kept.write({ ts: '1' });
          },
        },
      ],
    });
    await notify(noticeOf({ seq: 3 }));
    const doc = await threads.get(INCIDENT);
    assert.deepEqual([doc?.told, doc?.kept], [{ other: [7], r: [3] }, { r: { ts: '1' } }]);
  });

  it('stores what a notifier keeps, even if the notice did not get through', async () => {
    const seen: unknown[] = [];
    const { notify } = notifyKit({
      notifiers: [
        {
          id: 'r',
          send: async (_, { kept }) => {
            seen.push(kept.read());
            await kept.write({ posted: true });
            if (seen.length === 1) throw new Error('died after its first post');
          },
        },
      ],
    });
    await assert.rejects(notify(noticeOf()), Transient);
    await notify(noticeOf());
    assert.deepEqual(seen, [undefined, { posted: true }]);
  });

  it('is not done before what was told is stored, since the next delivery would not know of it', async () => {
    const { open, seen } = recorder('r');
    const { notify, threads, clock } = notifyKit({ notifiers: [open] });
    const { put } = threads;
    let puts = 0;
    Object.assign(threads, {
      put: async (...given: Parameters<typeof put>) => {
        puts += 1;
        if (puts === 2) throw new Transient('the store is away');
        return put(...given);
      },
    });
    await assert.rejects(notify(noticeOf()), /the store is away/);
    await clock.sleep(10 * 60_000);
    for (let n = 0; n < 2; n += 1) await notify(noticeOf());
    assert.deepEqual([seen, puts], [[0, 0], 4]);
  });

  it('remembers at most 200 notices of an incident, and treats older ones as sent', async () => {
    const { open, seen } = recorder('r');
    const { notify, threads } = notifyKit({ notifiers: [open] });
    const many = Array.from({ length: 200 }, (_, i) => i + 50);
    await threads.put('halt', { v: 1, rev: 0, writer: '', told: { r: many } }, null);
    for (const seq of [49, 250, 50]) await notify(noticeOf({ incident: 'halt', seq }));
    assert.deepEqual(seen, [250]);
    const told = Object((await threads.get('halt'))?.told).r;
    assert.deepEqual([told.length, told[0], told.at(-1)], [200, 51, 250]);
  });

  it('refuses a body that is not a notice, and names the field', async () => {
    const { open, seen } = recorder('r');
    const { notify } = notifyKit({ notifiers: [open] });
    const { kind: _, ...without } = noticeOf();
    for (const body of [without, { ...noticeOf(), seq: -1 }, 'notice', null, { ...noticeOf(), v: 0 }]) {
      await assert.rejects(notify(body), Malformed);
    }
    await assert.rejects(notify(without), /kind/);
    assert.deepEqual(seen, []);
  });

  it('has a notice of a newer release delivered again, until the newer notify takes it', async () => {
    const { open, seen } = recorder('r');
    const { notify } = notifyKit({ notifiers: [open] });
    await assert.rejects(notify({ ...noticeOf(), v: 2 }), Transient);
    assert.deepEqual(seen, []);
  });
});
