import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { patienceFor } from '../../../shared/containment/evidence-time.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';

const NOW = Date.parse('2026-03-02T03:00:00Z');
const entry = (subject: string, seconds?: number, over: Partial<Entry> = {}): Entry => ({
  step: 'capture-evidence',
  subject,
  uid: subject,
  state: seconds === undefined ? 'applying' : 'applied',
  startedAt: timeOf(NOW),
  ...(seconds === undefined ? {} : { endedAt: timeOf(NOW + seconds * 1000) }),
  proof: null,
  rev: 1,
  ...over,
});
const logs = (pod: string, seconds?: number, over?: Partial<Entry>): Entry => entry(`shop/${pod}#logs`, seconds, over);

describe('the time for evidence', () => {
  it('is 5 s for objects and 30 s for logs, and belongs to all subjects of a part together', () => {
    assert.equal(patienceFor(entry('shop/a#objects'), []), 5_000);
    assert.equal(patienceFor(logs('a'), []), 30_000);
    assert.equal(
      patienceFor(
        logs('d'),
        ['a', 'b', 'c'].map((pod) => logs(pod, 10)),
      ),
      20_000,
    );
    assert.equal(
      patienceFor(
        logs('d'),
        ['a', 'b', 'c'].map((pod) => logs(pod)),
      ),
      30_000,
      'those still under way',
    );
  });

  it('leaves each subject some of it, whatever others have used up', () => {
    const stalled = ['a', 'b', 'c'].map((pod) => logs(pod, 29));
    assert.equal(patienceFor(logs('d'), stalled), 5_000);
    const objects = Array.from({ length: 10 }, (_, n) => entry(`shop/${n}#objects`, 5));
    assert.equal(patienceFor(entry('shop/z#objects'), objects), 1_000);
  });

  it('does not count the other part, other steps, or what was kept under an earlier goal', () => {
    const others = [
      entry('shop/a#objects', 300),
      logs('b', 300, { rev: 0 }),
      logs('c', 300, { step: 'attach-forensics' }),
    ];
    assert.equal(patienceFor(logs('d'), others), 30_000);
  });
});
