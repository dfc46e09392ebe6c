import { strict as assert } from 'node:assert';
import { endingMissing, stepsMissing } from '../../../local/scenarios/ending.ts';
import { contained, entry } from '../../shared/views/fixtures.ts';

const QUARANTINE = { verdict: 'act', tier: 'quarantine' } as const;

describe('the ending of a scenario', () => {
  it('is reached if the decision is the expected one and the run is over', () => {
    assert.deepEqual(endingMissing(contained(), QUARANTINE), []);
  });

  it('is not reached with another tier, another ask, no decision, or an unfinished run', () => {
    assert.match(
      endingMissing(contained(), { ...QUARANTINE, tier: 'isolate' }).join(),
      /act: isolate, found act: quar/,
    );
    const asked = endingMissing(contained(), { ...QUARANTINE, asked: 'delete-workload' });
    assert.deepEqual(asked, ['expected delete-workload to be asked for, found nothing']);
    assert.match(endingMissing(contained({ decision: null }), QUARANTINE).join(), /found none/);
    assert.match(endingMissing(contained({ run: { rev: 0 } }), QUARANTINE).join(), /the run has not finished/);
  });

  it('names every step that was not begun or not done, and why', () => {
    const done = entry('cordon-node', 1, {});
    const refused = entry('quarantine-pod', 10, { state: 'refused', because: 'it is another pod', proof: null });
    const planned = { step: 'drain-node', subject: 'n1', uid: 'u1', after: [] } as const;
    const found = stepsMissing(contained({ plan: [{ ...planned, after: [] }], journal: [done, refused] }));
    assert.equal(found.length, 2);
    assert.equal(found[0], 'drain-node of n1 has not begun');
    assert.match(found[1] ?? '', /^quarantine-pod of \S+ is not done, but refused: it is another pod$/);
    assert.deepEqual(stepsMissing(contained({ plan: [], journal: [done] })), []);
    assert.deepEqual(stepsMissing(contained({ plan: [], journal: [] })), ['nothing was planned']);
  });
});
