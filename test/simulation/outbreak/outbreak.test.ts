import { strict as assert } from 'node:assert';
import { CONTAIN, containmentKit } from '../../kit/containment.ts';
import { AS_DEPLOYED, playOutbreak } from './outbreak.ts';

describe('an outbreak in many clusters at once', () => {
  it('cuts off every pod at once though the quota of Compute Engine is used up, and ends everything else later', async () => {
    const kit = containmentKit();
    const outcome = await playOutbreak({ ...AS_DEPLOYED, clusters: 8, withinMs: 2_000, perMinute: 15 }, undefined, kit);
    assert.ok(outcome.calls.refused > 0);
    // Each minute a step that is refused asks once more; a run that began again with all its reads would ask for most.
    assert.ok(outcome.calls.refused * 2 < outcome.calls.made, JSON.stringify(outcome.calls));
    assert.equal(outcome.podCut.count, 8);
    assert.ok(outcome.podCut.most < 20_000, JSON.stringify(outcome.podCut));
    assert.ok(outcome.nodeCut.most > 60_000, 'the quota held nothing up: the test shows nothing');
    assert.deepEqual([outcome.states, outcome.deadLetters], [{ contained: 8 }, 0]);
    const tagged = kit.world.log.by(CONTAIN).filter(({ verb }) => verb === 'setTags');
    assert.deepEqual([tagged.length, new Set(tagged.map(({ uid }) => uid)).size], [8, 8]);
  });

  it('waits for instances, and loses nothing where there are few', async () => {
    const slots = { decide: 1, operate: 1, contain: 1 };
    const outcome = await playOutbreak({ ...AS_DEPLOYED, clusters: 6, withinMs: 1_000, slots });
    assert.ok(outcome.noInstance.contain > 0);
    assert.deepEqual([outcome.states, outcome.deadLetters], [{ contained: 6 }, 0]);
  });
});
