import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { higherTier, lowerTier, TIERS, type Tier, tierRank, withinLimit } from '../../../shared/model/ids.ts';

describe('model/ids', () => {
  it('compares tiers by their order', () => {
    for (const [low, a] of TIERS.entries())
      for (const [high, b] of TIERS.entries()) {
        assert.equal(lowerTier(a, b), low <= high ? a : b);
        assert.equal(higherTier(a, b), low >= high ? a : b);
      }
  });

  it('leaves of a deletion that a limit does not allow no other deletion', () => {
    const deletes: readonly Tier[] = ['redeploy', 'delete-workload', 'delete-host'];
    for (const tier of TIERS)
      for (const limit of TIERS) {
        const left = withinLimit(tier, limit);
        assert.ok(tierRank(left) <= tierRank(limit) && tierRank(left) <= tierRank(tier), `${tier} within ${limit}`);
        if (deletes.includes(left)) assert.equal(left, tier, `${tier} within ${limit}`);
        if (tierRank(tier) <= tierRank(limit)) assert.equal(left, tier);
      }
    assert.equal(withinLimit('delete-host', 'delete-workload'), 'isolate');
    assert.equal(withinLimit('delete-host', 'quarantine'), 'quarantine');
  });
});
