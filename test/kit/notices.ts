import { makeNotify } from '../../functions/notify/handler.ts';
import { makeHttpPost } from '../../shared/adapters/http-post.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { Envelope } from '../../shared/envelope.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Open } from '../../shared/notifiers/notifier.ts';
import { openNotifiers } from '../../shared/notifiers/registry.ts';
import { readNotifySettings } from '../../shared/notify-settings.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';

export type Line = {
  level: 'info' | 'warn' | 'error' | 'count';
  arrow: string;
  message: string;
  fields: Record<string, unknown> | undefined;
};

export const INCIDENT = 'i-0123456789ab-1';

export const noticeOf = (over: Partial<Notice> = {}): Notice => ({
  v: 1,
  incident: INCIDENT,
  seq: 0,
  kind: 'opened',
  at: '2026-11-03T03:12:04.410Z',
  title: 'high with confidence 0.90: pod shop/cart-7d9f: quarantine',
  lines: ['ana@example.com ran a shell'],
  severity: 'high',
  tier: 'quarantine',
  state: 'containing',
  target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-7d9f' },
  ...over,
});

export const ASK = { tier: 'delete-workload', plan: 'b7d0c4e19a52', until: '2026-11-03T04:12:04.000Z' } as const;

export const envelopeOf = (data: unknown): Envelope => ({
  id: '1',
  topic: 'notices',
  attributes: {},
  data,
  publishedAt: '2026-11-03T03:12:05.000Z',
});

/** A clock that sleeping moves. */
export const movedClock = (): Pick<Clock, 'now' | 'sleep' | 'random'> => {
  let now = Date.parse('2026-11-03T03:14:04.000Z');
  let count = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    random: () => {
      count += 1;
      return String(count).padStart(32, '0');
    },
  };
};

export type NotifyKitOptions = {
  /** Sets notifiers up as an operator would, by variables; `notifiers` replaces them. */
  env?: Record<string, string>;
  notifiers?: readonly Open[];
  /**
   * The system's clock, for concurrent deliveries: with a moved clock, one delivery's sleep could end another's lease.
   */
  clock?: Clock;
};

/** notify over memory, with a clock that the test moves and that sleeping moves too. */
export const notifyKit = (options: NotifyKitOptions = {}) => {
  const lines: Line[] = [];
  const at = (level: Line['level']) => (arrow: string, message: string, fields?: Record<string, unknown>) => {
    lines.push({ level, arrow, message, fields });
  };
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error'), count: at('count') };
  const clock = options.clock ?? movedClock();
  const post = makeHttpPost({ timeoutMs: 2000 });
  const { threads } = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const notifiers = options.notifiers ?? openNotifiers(readNotifySettings(options.env ?? {}), { log, clock, post });
  const notify = makeNotify({ log, clock, threads, notifiers });
  /** Delivers until it is acknowledged, with backoff, as Pub/Sub does; resolves with the number of deliveries. */
  const deliver = async (one: Notice, most = 10): Promise<number> => {
    for (let delivery = 1; ; delivery += 1) {
      try {
        await notify(envelopeOf(one));
        return delivery;
      } catch (thrown) {
        if (delivery >= most) throw thrown;
        await clock.sleep(options.clock === undefined ? 10_000 * 2 ** (delivery - 1) : 200);
      }
    }
  };
  return {
    notify: (one: unknown) => notify(envelopeOf(one)),
    deliver,
    lines,
    threads,
    clock,
    told: () => lines.filter((line) => line.arrow === 'notice -> log'),
  };
};
