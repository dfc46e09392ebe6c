import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { newEntry } from '../../../shared/containment/entry-states.ts';
import { inRoom } from '../../../shared/containment/journal-room.ts';
import type { Entry } from '../../../shared/model/entry.ts';

const entries = (many: number, rest: Partial<Entry>): Entry[] =>
  Array.from({ length: many }, (_, n) => ({
    ...newEntry({ step: 'quarantine-pod', subject: `shop/cart-${n}`, uid: `u${n}` }, 1, 0),
    ...rest,
  }));
const lengthsOf = (journal: readonly Entry[]): number[] => [...new Set(journal.map((e) => e.because?.length ?? 0))];

describe('containment/journal-room', () => {
  it('leaves reasons that have room as they are, and cuts off one that is too long', () => {
    const journal = [...entries(15, { because: 'x'.repeat(2_000) }), ...entries(1, {})];
    assert.deepEqual(inRoom(journal), journal);
    const [long] = inRoom(entries(1, { because: 'x'.repeat(2_001) }));
    assert.equal(long?.because, `${'x'.repeat(1_999)}…`);
  });

  it('cuts them off the shorter the more there are, and never below a sentence', () => {
    for (const [many, most] of [
      [30, 1_000],
      [60, 500],
      [130, 250],
      [800, 120],
    ] as const)
      assert.deepEqual(lengthsOf(inRoom(entries(many, { because: 'x'.repeat(5_000) }))), [most]);
  });

  it('keeps the first revocations that have room, whole', () => {
    const one = { ends: 'e'.repeat(100), command: 'c'.repeat(412) };
    const kept = inRoom(entries(40, { revoke: [one] })).flatMap(({ revoke = [] }) => revoke);
    assert.deepEqual(
      kept,
      Array.from({ length: 32 }, () => one),
    );
  });
});
