import { strict as assert } from 'node:assert';
import type { Notice } from '../../../shared/model/notice.ts';
import { noticeLines } from '../../../shared/views/notice-text.ts';
import { noticeOf } from '../../kit/notices.ts';

describe('noticeLines', () => {
  it('says what, where and why, and how to answer an ask', () => {
    assert.deepEqual(
      noticeLines({
        v: 1,
        incident: 'shop-cart-3f2a-1',
        seq: 3,
        kind: 'ask',
        at: '2026-11-03T03:12:04.410Z',
        title: 'may the workload be deleted?',
        lines: ['critical with confidence 0.96'],
        severity: 'critical',
        tier: 'isolate',
        state: 'asking',
        target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-7d9f' },
        ask: { tier: 'delete-workload', plan: 'b7d0c4e19a52', until: '2026-11-03T04:12:04.000Z' },
      }),
      [
        '[critical] pod shop/cart-7d9f: may the workload be deleted?',
        'pod shop/cart-7d9f in p1/europe-west1/c1: asking, isolate',
        'critical with confidence 0.96',
        'Approve delete-workload? Answer by 04:12:04 UTC; unanswered, it lapses.',
        'firebreak approve shop-cart-3f2a-1 --plan b7d0c4e19a52 --project p1 --reason "..."',
        'firebreak reject shop-cart-3f2a-1 --plan b7d0c4e19a52 --project p1 --reason "..."',
      ],
    );
  });

  it('names severity, target and dry run where the title does not', () => {
    const subjectOf = (over: Partial<Notice>): string => noticeLines(noticeOf(over))[0] ?? '';
    assert.equal(
      subjectOf({ title: 'high with confidence 0.90: pod shop/cart-7d9f: quarantine has begun' }),
      'high with confidence 0.90: pod shop/cart-7d9f: quarantine has begun',
    );
    assert.equal(
      subjectOf({ title: 'quarantine carried out, proven' }),
      '[high] pod shop/cart-7d9f: quarantine carried out, proven',
    );
    assert.equal(
      subjectOf({ title: 'No longer asked: isolate', dryRun: true }),
      '[high] [dry run] pod shop/cart-7d9f: No longer asked: isolate',
    );
    const title = 'high with confidence 0.90: pod shop/cart-7d9f: quarantine as a dry run, nothing is changed';
    assert.equal(subjectOf({ title, dryRun: true }), title);
  });

  it('names a whole project once, and says nothing of an incident where there is none', () => {
    const { tier: _, ...parts } = noticeOf({ title: 'Seen', lines: ['why'], severity: null, state: 'open' });
    const about = { ...parts, tier: null, target: { project: 'p1' } };
    assert.deepEqual(noticeLines(about), ['project p1: Seen', 'project p1: open', 'why']);
    assert.deepEqual(noticeLines({ ...about, incident: 'halt', title: 'Halted' }), ['project p1: Halted', 'why']);
  });
});
