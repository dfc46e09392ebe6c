import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeNotify } from '../../../functions/notify/handler.ts';
import { makeHttpPost } from '../../../shared/adapters/http-post.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { openNotifiers } from '../../../shared/notifiers/registry.ts';
import { readNotifySettings } from '../../../shared/notify-settings.ts';
import type { HttpPost } from '../../../shared/ports.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';
import { type CrashAt, crashing } from '../../kit/crash.ts';
import { envelopeOf, movedClock, noticeOf } from '../../kit/notices.ts';
import { ROUTING_KEY, startPagerDuty } from '../../kit/pagerduty-service.ts';
import { SLACK_CHANNEL, SLACK_TOKEN, startSlack, textOf } from '../../kit/slack-service.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {}, count: () => {} };

/** Stand-ins for Slack and PagerDuty, and processes of notify that share one store. */
const site = async () => {
  const [slack, pagerduty] = await Promise.all([startSlack(), startPagerDuty()]);
  const clock = movedClock();
  const { threads } = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const settings = readNotifySettings({
    FIREBREAK_SLACK_TOKEN: SLACK_TOKEN,
    FIREBREAK_SLACK_CHANNEL: SLACK_CHANNEL,
    FIREBREAK_SLACK_ENDPOINT: slack.address,
    FIREBREAK_PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
    FIREBREAK_PAGERDUTY_ENDPOINT: pagerduty.address,
  });
  const underWay = new Set<Promise<unknown>>();
  const http = makeHttpPost();
  const post: HttpPost = (request) => {
    const answer = http(request);
    underWay.add(answer.catch(() => undefined));
    return answer;
  };
  const start = (at?: CrashAt) => {
    const process = crashing({ threads, clock, post, log: silent }, at);
    const notify = makeNotify({ ...process.ports, notifiers: openNotifiers(settings, process.ports) });
    return { ...process, notify: (one: Notice) => notify(envelopeOf(one)) };
  };
  return {
    slack,
    pagerduty,
    start,
    /** Delivers a notice to a process that dies at the given call. */
    die: async (at: CrashAt, one: Notice): Promise<void> => {
      const process = start(at);
      const dead = async () => {
        while (!process.crashed()) await sleep(1);
      };
      await Promise.race([process.notify(one), dead()]);
      // What the process had sent arrives, although nobody reads the answer.
      await Promise.all(underWay);
    },
    /** Waits until the lease of the dead process is over. */
    wait: () => clock.sleep(91_000),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([slack[Symbol.asyncDispose](), pagerduty[Symbol.asyncDispose]()]);
    },
  };
};

const opened = noticeOf();
const contained = noticeOf({ seq: 1, kind: 'contained', state: 'contained', title: 'quarantine carried out' });

describe('notify, when its process dies at any call', function () {
  this.timeout(60_000);

  it('loses no notice, and repeats at most the one that it was sending', async () => {
    await using counted = await site();
    const whole = counted.start();
    await whole.notify(opened);
    assert.ok(whole.calls() >= 6, whole.names().join());
    for (let call = 1; call <= whole.calls(); call += 1) {
      for (const when of ['before', 'after'] as const) {
        await using world = await site();
        await world.die({ call, when }, opened);
        await world.wait();
        const next = world.start();
        for (const one of [opened, contained, opened]) await next.notify(one);
        const at = `dies ${when} ${whole.names()[call - 1]}`;
        const boards = world.slack.boards();
        assert.ok(boards.length === 1 || boards.length === 2, `${at}: ${boards.length} boards`);
        const board = boards.at(-1);
        assert.match(textOf(board ?? assert.fail(at)), /\*State\*\ncontained/, at);
        assert.deepEqual(world.slack.replies(board?.ts ?? '').length, 1, at);
        assert.deepEqual(
          world.pagerduty.alerts.map(({ state, pages }) => [state, pages]),
          [['acknowledged', 1]],
          at,
        );
      }
    }
  });

  it('goes on with the Slack thread of a dead process, once that thread is stored', async () => {
    await using counted = await site();
    const whole = counted.start();
    await whole.notify(opened);
    const last = whole.calls();
    await using world = await site();
    // The last call releases the thread. By then the place in Slack is stored, but not which notices were sent.
    await world.die({ call: last, when: 'before' }, opened);
    await world.wait();
    await world.start().notify(opened);
    assert.equal(world.slack.boards().length, 1);
  });
});
