import { strict as assert } from 'node:assert';
import { investigationRule, isInvestigationAccess } from '../../../shared/containment/investigation.ts';
import type { InvestigationSource } from '../../../shared/containment/settings.ts';
import type { EffectiveRule } from '../../../shared/model/firewall.ts';

const NETWORK = 'projects/p1/global/networks/shop';
const TAGGED: InvestigationSource = { tag: 'bastion' };
const RANGED: InvestigationSource = { ranges: ['35.235.240.0/20'] };

/** The rule of an access as the service shows it among those in force. */
const inForce = (from: InvestigationSource, change: Partial<EffectiveRule> = {}): EffectiveRule => {
  const { name, direction, action, priority, targetTags, ranges, protocols } = investigationRule('4242', NETWORK, from);
  const known = { name, direction, action, priority, targetTags, ranges, protocols };
  return {
    source: 'vpc',
    ...known,
    targetServiceAccounts: [],
    byRangesOnly: 'ranges' in from,
    logging: true,
    ...change,
  };
};

describe('containment/investigation', () => {
  it('knows the access that it opened, from ranges or from VMs with a tag', () => {
    for (const from of [TAGGED, RANGED])
      assert.equal(isInvestigationAccess(inForce(from), investigationRule('4242', NETWORK, from)), true);
  });

  it('does not take a rule that somebody has widened, or one of another host, for that access', () => {
    const rule = investigationRule('4242', NETWORK, RANGED);
    const wider: Array<Partial<EffectiveRule>> = [
      { ranges: ['35.235.240.0/20', '0.0.0.0/0'] },
      { protocols: ['tcp:22', 'tcp:443'] },
      { targetTags: [] },
      // Some VMs may come in too, whatever their address.
      { byRangesOnly: false },
    ];
    for (const change of wider)
      assert.equal(isInvestigationAccess(inForce(RANGED, change), rule), false, JSON.stringify(change));
    assert.equal(isInvestigationAccess(inForce(RANGED), investigationRule('4343', NETWORK, RANGED)), false);
  });
});
