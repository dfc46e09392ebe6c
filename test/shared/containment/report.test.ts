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

  it('says once what holds back several steps on one subject', () => {
    assert.ok(goal !== null);
    const because = 'the budget of this cluster is used up';
    const part = { state: 'held', proof: null, because, rev: goal.rev } as const;
    const journal = [
      entry('keep-disks', 0, { ...part, subject: 'n1', uid: '1' }),
      entry('cordon-node', 1, { ...part, subject: 'n1', uid: '1' }),
      entry('cordon-node', 2, { ...part, subject: 'n2', uid: '2' }),
    ];
    const held = { because, at: incident.openedAt };
    const { kind, title, lines } = reportOf({ ...incident, journal, held }, goal, []);
    assert.deepEqual([kind, title], ['held', 'quarantine: 3 of 3 steps wait for a person']);
    assert.deepEqual(lines, [`keep-disks, cordon-node n1: held (${because})`, `cordon-node n2: held (${because})`]);
    const halted = { because: 'everything is halted', at: incident.openedAt };
    assert.equal(reportOf({ ...incident, journal, held: halted }, goal, []).lines[0], 'everything is halted');
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
