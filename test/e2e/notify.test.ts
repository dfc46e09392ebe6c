import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFunction } from '../../local/processes.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { INCIDENT, noticeOf } from '../kit/notices.ts';
import { ROUTING_KEY, startPagerDuty } from '../kit/pagerduty-service.ts';
import { SLACK_CHANNEL, SLACK_TOKEN, startSlack, textOf } from '../kit/slack-service.ts';
import { startReceiver } from '../kit/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`;

describe('notify as its own process', function () {
  this.timeout(60_000);

  it('notifies Slack, PagerDuty and a webhook as configured, and continues a thread after a kill', async () => {
    await using slack = await startSlack();
    await using pagerduty = await startPagerDuty();
    await using receiver = await startReceiver(SECRET, Date.now);
    const dir = await mkdtemp(join(tmpdir(), 'firebreak notify '));
    const notify = await startFunction({
      name: 'notify',
      source: fileURLToPath(new URL('../../functions/notify/index.ts', import.meta.url)),
      logFile: join(dir, 'log'),
      env: {
        FIREBREAK_PROJECT: 'p1',
        FIREBREAK_MEMORY_STORE: `sqlite:${join(dir, 'memory.db')}`,
        FIREBREAK_SLACK_TOKEN: `${SLACK_TOKEN}\n`,
        FIREBREAK_SLACK_CHANNEL: SLACK_CHANNEL,
        FIREBREAK_SLACK_ENDPOINT: slack.address,
        FIREBREAK_PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
        FIREBREAK_PAGERDUTY_ENDPOINT: pagerduty.address,
        FIREBREAK_WEBHOOK_URL: `${receiver.address}/hook`,
        FIREBREAK_WEBHOOK_SECRET: SECRET,
        FIREBREAK_CONSOLE_URL: 'https://firebreak.example.com',
      },
    });
    const push = async (one: Notice): Promise<number> => {
      const data = Buffer.from(JSON.stringify(one)).toString('base64');
      const response = await fetch(new URL('/projects/p1/topics/firebreak-notices', notify.address), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subscription: 'projects/p1/subscriptions/s', message: { messageId: '1', data } }),
      });
      await response.text();
      return response.status;
    };
    try {
      assert.equal(await push(noticeOf()), 204);
      await notify.kill('SIGKILL');
      await notify.up();
      // Slack is down: the delivery fails, and the channels that succeeded are not notified again.
      slack.faults.push({ status: 503, body: '' });
      const contained = noticeOf({ seq: 1, kind: 'contained', state: 'contained', title: 'quarantine carried out' });
      assert.equal(await push(contained), 500);
      for (const one of [contained, noticeOf(), contained]) assert.equal(await push(one), 204);

      const [board, ...others] = slack.boards();
      assert.ok(board !== undefined && others.length === 0);
      assert.match(textOf(board), new RegExp(`<https://firebreak\\.example\\.com/incidents/${INCIDENT}\\|`));
      assert.equal(slack.replies(board.ts).length, 1);
      assert.deepEqual(
        pagerduty.events.map((one) => one.event_action),
        ['trigger', 'acknowledge'],
      );
      assert.deepEqual([...receiver.accepted.keys()], [`${INCIDENT}_0`, `${INCIDENT}_1`]);
      assert.equal(receiver.asked.length, 2);
    } finally {
      await notify.stop();
      await rm(dir, { recursive: true });
    }
  });
});
