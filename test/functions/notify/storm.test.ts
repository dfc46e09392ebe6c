import { strict as assert } from 'node:assert';
import { systemClock } from '../../../shared/adapters/clock.ts';
import { notice } from '../../../shared/model/notice.ts';
import { decisionKit, findingOn, podsNamed, targetOf } from '../../kit/decision.ts';
import { notifyKit } from '../../kit/notices.ts';
import { ROUTING_KEY, startPagerDuty } from '../../kit/pagerduty-service.ts';
import { SLACK_CHANNEL, SLACK_TOKEN, startSlack } from '../../kit/slack-service.ts';

const TARGETS = 20;
const ALERTS = 1000;

/** The notices that decide publishes for a thousand findings on twenty pods, in mixed order. */
const noticesOfStorm = async (): Promise<unknown[]> => {
  const kit = decisionKit();
  for (let n = 0; n < TARGETS; n += 1) {
    const metadata = { name: `stormy-${n}`, namespace: 'shop' };
    const spec = { containers: [{ name: 'a', image: 'shop.example.com/a:1' }] };
    kit.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
  }
  await kit.clock.advance(60_000);
  const pods = podsNamed(kit, 'shop', 'stormy-');
  assert.equal(pods.length, TARGETS);
  for (let n = 0; n < ALERTS; n += 1) {
    const pod = pods[(n * 7) % TARGETS] ?? assert.fail('no pod');
    const rule = n % 3 === 0 ? 'exec-miner' : 'exec-shell';
    const severity = rule === 'exec-miner' ? 'critical' : 'high';
    await kit.decide(findingOn(kit, targetOf(pod, true), { rule, severity }));
  }
  assert.equal((await kit.incidents()).length, TARGETS);
  return kit.published.flatMap(({ topic, body }) => (topic === 'notices' ? [body] : []));
};

describe('a storm of 1,000 alerts on 20 targets', function () {
  this.timeout(60_000);

  it('opens 20 Slack threads and 20 PagerDuty alerts, despite duplicates, reordering, rate limits and failures', async () => {
    const bodies = await noticesOfStorm();
    await using slack = await startSlack();
    await using pagerduty = await startPagerDuty();
    const { deliver } = notifyKit({
      env: {
        FIREBREAK_SLACK_TOKEN: SLACK_TOKEN,
        FIREBREAK_SLACK_CHANNEL: SLACK_CHANNEL,
        FIREBREAK_SLACK_ENDPOINT: slack.address,
        FIREBREAK_PAGERDUTY_ROUTING_KEY: ROUTING_KEY,
        FIREBREAK_PAGERDUTY_ENDPOINT: pagerduty.address,
      },
      clock: systemClock,
    });
    const busy = { status: 429, headers: { 'retry-after': '1' }, body: '{"ok":false,"error":"ratelimited"}' };
    for (let n = 0; n < 30; n += 1)
      slack.faults.push(...(n % 15 === 4 ? [busy] : n % 7 === 0 ? (['down'] as const) : [undefined]));
    for (let n = 0; n < 30; n += 1) pagerduty.faults.push(...(n % 4 === 0 ? (['lost'] as const) : [undefined]));
    const all = bodies.map((body) => notice.parse(body));
    // Each notice twice, the copies in reverse order, eight at a time.
    const queue = [...all, ...all.toReversed()];
    const worker = async (): Promise<void> => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) await deliver(one);
    };
    await Promise.all(Array.from({ length: 8 }, worker));

    const threads = new Set(all.map(({ incident }) => incident));
    assert.equal(threads.size, TARGETS);
    assert.equal(slack.boards().length, TARGETS);
    assert.equal(slack.posts.length, all.length);
    assert.equal(pagerduty.alerts.length, TARGETS);
    assert.ok(pagerduty.alerts.every(({ pages }) => pages === 1));
    assert.ok(all.length < 10 * TARGETS, `${all.length} notices for ${ALERTS} alerts`);
  });
});
