import { strict as assert } from 'node:assert';
import type { Entry } from '../../../shared/model/entry.ts';
import { decisionItems } from '../../../shared/views/decision-items.ts';
import { decisionKit, findingOn, targetOf } from '../../kit/decision.ts';
import { cart, contain } from '../../kit/requests.ts';

describe('what was decided', () => {
  /** An incident of a finding on which an operator asked for more a minute later. */
  const decidedTwice = async () => {
    const kit = decisionKit();
    const finding = findingOn(kit, targetOf(cart(kit)));
    await kit.decide(finding);
    await kit.clock.advance(60_000);
    await kit.ask(contain(kit));
    return { incident: await kit.incident(), finding };
  };
  const begun = (startedAt: string): Entry => ({
    ...{ step: 'cordon-node', subject: 'n-1', uid: '1', state: 'applied', proof: 'proven', rev: 1 },
    startedAt,
  });

  it('tells an earlier decision under which steps were begun beside the one that an operator asked for', async () => {
    const { incident, finding } = await decidedTwice();
    const journal = [begun(incident.openedAt)];
    const [first, last, ...more] = decisionItems({ ...incident, journal });
    assert.deepEqual(more, []);
    assert.deepEqual([first?.title, last?.title], ['quarantine', 'act: isolate']);
    assert.ok(first?.at !== undefined && last?.at !== undefined && first.at < last.at);
    assert.ok(first.facts.includes('decided anew since'));
    assert.match(first.because[0] ?? '', /is quarantine in the matrix/);
    for (const line of finding.because) assert.ok(!first.because.includes(line), 'the finding says it already');
  });

  it('leaves out an earlier decision under which nothing was begun', async () => {
    const { incident } = await decidedTwice();
    const journal = [begun(incident.decision?.at ?? assert.fail())];
    for (const one of [incident, { ...incident, journal }])
      assert.deepEqual(
        decisionItems(one).map(({ title }) => title),
        ['act: isolate'],
      );
  });

  it('tells a decision once as long as nothing else is decided', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    assert.deepEqual(
      decisionItems(await kit.incident()).map(({ title }) => title),
      ['act: quarantine'],
    );
  });
});
