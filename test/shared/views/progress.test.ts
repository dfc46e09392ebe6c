import { strict as assert } from 'node:assert';
import type { Incident } from '../../../shared/model/incident.ts';
import { progressOf } from '../../../shared/views/progress.ts';
import { timelineOf } from '../../../shared/views/timeline.ts';
import { contained, entry, isolating, releasedByHand } from './fixtures.ts';

describe('progressOf', () => {
  it('counts steps that are done, proven, in trouble, left and undone', () => {
    const told = (incident: Incident) => {
      const { parts, took } = progressOf(incident);
      return [...parts.map(({ text, trouble }) => `${text}${trouble ? '!' : ''}`), took];
    };
    assert.deepEqual(told(contained()), ['5 steps done (4 proven)', 'finished 2.9 s after the first finding']);
    assert.deepEqual(told(isolating()), ['1 step done (1 proven)', '1 failed!', '1 under way', '1 to do', undefined]);
    assert.deepEqual(told(releasedByHand()), ['1 undone', '1 not undone!', 'finished 2 h 00 min after the request']);
  });

  it('tells of no end while a release is still being carried out', () => {
    assert.equal(progressOf({ ...releasedByHand(), state: 'containing' }).took, undefined);
  });

  it('counts nothing as left to do once everything is released or closed: no further step begins', () => {
    for (const tier of ['released', 'closed'] as const) {
      const { goal } = isolating();
      assert.ok(goal !== null);
      const over: Incident = { ...isolating(), goal: { ...goal, tier } };
      assert.deepEqual(
        progressOf(over).parts.map(({ text }) => text),
        ['1 step done (1 proven)', '1 failed', '1 under way'],
      );
      assert.deepEqual(
        timelineOf(over).filter(({ happening }) => happening === 'waiting'),
        [],
      );
    }
  });

  it('counts what was refused, what is held, and what was only tried, and takes none of it for work under way', () => {
    const journal = [
      entry('cordon-node', 0, { state: 'dry-run', took: 10 }),
      entry('leave-group', 0, { state: 'refused', took: 20 }),
      entry('drain-node', 0, { state: 'held', took: 30 }),
    ];
    assert.deepEqual(progressOf(contained({ journal })), {
      parts: [
        { text: '1 only tried (dry run)', trouble: false },
        { text: '1 refused', trouble: true },
        { text: '1 held', trouble: true },
      ],
      took: undefined,
    });
  });
});
