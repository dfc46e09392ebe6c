import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { timeOf } from '../../../shared/model/time.ts';
import { noticeLines } from '../../../shared/views/notice-text.ts';
import { decisionKit, findingOn, type Kit, noticesOf, podNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');
const kinds = (kit: Kit) => noticesOf(kit).map(({ kind }) => kind);

describe('decide, asks', () => {
  it('runs what may run by itself and asks for the higher tier', async () => {
    const kit = decisionKit();
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    const { decision, goal } = await kit.incident();
    assert.deepEqual(
      [decision?.verdict, decision?.tier, decision?.asked?.tier, goal?.tier],
      ['act', 'isolate', 'delete-workload', 'isolate'],
    );
    assert.equal(decision?.asked?.until, timeOf(kit.clock.now() + 60 * MINUTE));
    assert.deepEqual(kinds(kit), ['opened', 'ask']);
  });

  it('says in every notice of an ask what an approval adds to its tier', async () => {
    const kit = decisionKit('mode: act\nstopFirst: [{ when: { namespace: shop }, because: it destroys things }]');
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    const told = noticesOf(kit);
    assert.match(told.at(-1)?.title ?? '', /approve delete-workload without keeping evidence[?]$/);
    for (const one of told)
      assert.match(noticeLines(one).join('\n'), /^Approve delete-workload without keeping evidence[?] Answer by/m);
  });

  it('asks until an hour after the first ask, however often the evidence is confirmed', async () => {
    const kit = decisionKit();
    const miner = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
    await kit.decide(findingOn(kit, targetOf(cart(kit)), miner));
    const first = (await kit.incident()).decision?.asked;
    await kit.clock.advance(10 * MINUTE);
    await kit.decide(findingOn(kit, targetOf(cart(kit)), miner));
    const { decision, summary } = await kit.incident();
    assert.equal(summary.count, 2);
    assert.deepEqual(decision?.asked, first);
    assert.deepEqual(kinds(kit), ['opened', 'ask']);
  });
});
