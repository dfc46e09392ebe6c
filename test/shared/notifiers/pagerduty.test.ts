import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { Transient } from '../../../shared/errors.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { ASK, INCIDENT, noticeOf, notifyKit } from '../../kit/notices.ts';
import { type PagerDutyService, ROUTING_KEY, startPagerDuty } from '../../kit/pagerduty-service.ts';

const kitOf = (pagerduty: PagerDutyService, env: Record<string, string> = {}) =>
  notifyKit({
    env: { FIREBREAK_PAGERDUTY_ROUTING_KEY: ROUTING_KEY, FIREBREAK_PAGERDUTY_ENDPOINT: pagerduty.address, ...env },
  });

const contained: Partial<Notice> = { seq: 1, kind: 'contained', state: 'contained' };
const released: Partial<Notice> = { seq: 3, kind: 'released', state: 'released' };
const actions = ({ events }: PagerDutyService): string[] => events.map((one) => one.event_action);
const states = ({ alerts }: PagerDutyService): string[] => alerts.map(({ state, pages }) => `${state}, ${pages} pages`);

describe('pagerduty', () => {
  it('opens one alert for an incident, acknowledges it once contained, and resolves it once released', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty, { FIREBREAK_CONSOLE_URL: 'https://firebreak.example.com' });
    await notify(noticeOf({ seq: 0 }));
    await notify(noticeOf(contained));
    await notify(noticeOf({ seq: 2, kind: 'info', title: 'ana@example.com asks to release', state: 'containing' }));
    await notify(noticeOf(released));
    assert.deepEqual(actions(pagerduty), ['trigger', 'acknowledge', 'resolve']);
    assert.deepEqual([...new Set(pagerduty.events.map((one) => one.dedup_key))], [INCIDENT]);
    assert.deepEqual(states(pagerduty), ['resolved, 1 pages']);
    assert.deepEqual(pagerduty.events[0], {
      routing_key: ROUTING_KEY,
      event_action: 'trigger',
      dedup_key: INCIDENT,
      client: 'Firebreak',
      client_url: `https://firebreak.example.com/incidents/${INCIDENT}`,
      links: [{ href: `https://firebreak.example.com/incidents/${INCIDENT}`, text: 'The incident in the console' }],
      payload: {
        summary: 'high with confidence 0.90: pod shop/cart-7d9f: quarantine',
        source: 'p1/europe-west1/c1',
        severity: 'error',
        timestamp: '2026-11-03T03:12:04.410Z',
        component: 'pod shop/cart-7d9f',
        group: 'c1',
        class: 'opened',
        custom_details: {
          incident: INCIDENT,
          state: 'containing',
          tier: 'quarantine',
          lines: ['pod shop/cart-7d9f in p1/europe-west1/c1: containing, quarantine', 'ana@example.com ran a shell'],
        },
      },
    });
  });

  it('keeps the ask and the command that answers it in a long notice', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    const lines = Array.from({ length: 80 }, (_, n) => `line ${n}`);
    await notify(noticeOf({ seq: 0, kind: 'ask', lines, ask: ASK }));
    const [event] = pagerduty.events;
    if (event?.event_action !== 'trigger') return assert.fail('nobody was called');
    const sent = z.array(z.string()).parse(event.payload.custom_details?.lines);
    assert.equal(sent.length, 50);
    assert.deepEqual(sent.slice(-4), [
      '… and 35 more lines',
      'Approve delete-workload? Answer by 04:12:04 UTC; unanswered, it lapses.',
      `firebreak approve ${INCIDENT} --plan ${ASK.plan} --project p1 --reason "..."`,
      `firebreak reject ${INCIDENT} --plan ${ASK.plan} --project p1 --reason "..."`,
    ]);
  });

  it('does not acknowledge the alert while something is asked', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    await notify(noticeOf({ seq: 0 }));
    await notify(noticeOf({ ...contained, ask: ASK }));
    assert.deepEqual(states(pagerduty), ['triggered, 1 pages']);
    await notify(noticeOf({ ...contained, seq: 2 }));
    assert.deepEqual(states(pagerduty), ['acknowledged, 1 pages']);
    assert.deepEqual(actions(pagerduty), ['trigger', 'acknowledge']);
  });

  it('tells an open alert what is worse by now, and calls nobody again for it', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    await notify(noticeOf({ seq: 0 }));
    await notify(noticeOf({ seq: 1, kind: 'raised', title: 'raised to isolate' }));
    assert.deepEqual(actions(pagerduty), ['trigger', 'trigger']);
    assert.deepEqual(states(pagerduty), ['triggered, 1 pages']);
  });

  it('ends in the same state for any order of notices, and pages once', async () => {
    const story = [
      noticeOf({ seq: 0 }),
      noticeOf({ seq: 1, kind: 'ask', ask: ASK }),
      noticeOf({ ...contained, seq: 2 }),
    ];
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      await using pagerduty = await startPagerDuty();
      const { notify } = kitOf(pagerduty);
      for (const seq of order) await notify(story[seq]);
      assert.deepEqual(states(pagerduty), ['acknowledged, 1 pages'], order.join());
    }
  });

  it('opens no alert for an incident that is over, even for a late notice', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    await notify(noticeOf({ ...released }));
    await notify(noticeOf({ seq: 0 }));
    assert.deepEqual(pagerduty.events, []);
  });

  it('opens a new alert for a second halt, which has the same name', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    const halt = (over: Partial<Notice>): Notice =>
      noticeOf({ incident: 'halt', severity: null, tier: null, target: { project: 'p1' }, state: 'open', ...over });
    await notify(halt({ seq: 1, kind: 'info' }));
    assert.deepEqual(states(pagerduty), []);
    await notify(halt({ seq: 2, kind: 'reminder' }));
    await notify(halt({ seq: 3, kind: 'info', state: 'closed' }));
    await notify(halt({ seq: 5, kind: 'reminder' }));
    assert.deepEqual(states(pagerduty), ['resolved, 1 pages', 'triggered, 1 pages']);
  });

  it('loses nothing to failures and lost replies, and does not page twice', async () => {
    await using pagerduty = await startPagerDuty();
    const { deliver } = kitOf(pagerduty);
    pagerduty.faults.push('down', { status: 500, body: '' }, { status: 429, body: '' }, 'lost');
    await deliver(noticeOf({ seq: 0 }));
    pagerduty.faults.push('lost');
    await deliver(noticeOf(contained));
    assert.deepEqual(states(pagerduty), ['acknowledged, 1 pages']);
  });

  it('opens the alert before it acknowledges it, if the opening notice did not get through', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    pagerduty.faults.push('down');
    await assert.rejects(notify(noticeOf({ seq: 0 })), Transient);
    await notify(noticeOf(contained));
    await notify(noticeOf({ seq: 0 }));
    assert.deepEqual(actions(pagerduty), ['trigger', 'acknowledge']);
  });

  it('keeps within the limits of an event for any notice', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty);
    await notify(
      noticeOf({ title: 'é\u0000'.repeat(5000), lines: Array.from({ length: 500 }, () => 'x'.repeat(5000)) }),
    );
    assert.equal(pagerduty.alerts.length, 1);
  });

  it('reports a refusal without the routing key', async () => {
    await using pagerduty = await startPagerDuty();
    const { notify } = kitOf(pagerduty, { FIREBREAK_PAGERDUTY_ROUTING_KEY: 'f'.repeat(32) });
    await assert.rejects(notify(noticeOf()), (thrown) => {
      assert.ok(thrown instanceof Transient);
      assert.match(thrown.message, /pagerduty: PagerDuty answered 400: .*invalid event/);
      assert.doesNotMatch(thrown.message, /ffff/);
      return true;
    });
  });
});
