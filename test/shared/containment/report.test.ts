import { strict as assert } from 'node:assert';
import { reportOf } from '../../../shared/containment/report.ts';
import { contained, entry } from '../views/fixtures.ts';

describe('the notice of a goal that was carried out', () => {
  const incident = contained({
    journal: [
      entry('cordon-node', 0, { proof: 'proven' }),
      entry('deny-pod-network', 1, { proof: 'not proven', because: 'another policy allows' }),
      entry('leave-group', 2, { state: 'failed', proof: null, because: 'the group is gone' }),
    ],
  });
  const { goal } = incident;

  it('uses the words of the timeline, and lists first the entries that a person should look at', () => {
    assert.ok(goal !== null);
    const { lines } = reportOf(incident, goal, ['a note']);
    assert.deepEqual(
      lines.map((line) => line.replace(/^(\S+) \S+:/, '$1:')),
      [
        'a note',
        'deny-pod-network: done, not proven (another policy allows)',
        'leave-group: failed (the group is gone)',
        'The commands to do by hand what failed: firebreak report shop-cart-3f2a-1 --format md --project p1',
        'cordon-node: done, proven',
      ],
    );
  });

  it('does not call it a dry run where there was nothing to do', () => {
    assert.ok(goal !== null);
    const gone = entry('quarantine-pod', 0, { state: 'skipped', proof: null });
    for (const journal of [[], [gone]])
      assert.equal(
        reportOf({ ...incident, journal }, { ...goal, tier: 'quarantine', mode: 'act' }, []).title,
        'quarantine: there was nothing to change',
      );
  });

  it('says after a close where the commands are that take back what stays in force, if anything does', () => {
    assert.ok(goal !== null);
    const closed = { ...goal, tier: 'closed' as const };
    const left = contained({ goal: closed, journal: [entry('cordon-node', 0, { proof: 'proven' })] });
    assert.equal(
      reportOf(left, closed, []).lines[0],
      'The commands to take back by hand what stays in force: firebreak report shop-cart-3f2a-1 --format md --project p1',
    );
    const none = contained({ goal: closed, journal: [entry('cordon-node', 0, { state: 'skipped', proof: null })] });
    assert.doesNotMatch(reportOf(none, closed, []).lines.join('\n'), /by hand/);
  });
});
