import { strict as assert } from 'node:assert';
import {
  investigationRule,
  isInvestigationAccess,
  isInvestigationRule,
  sshLine,
} from '../../../shared/containment/investigation.ts';
import type { InvestigationSource } from '../../../shared/containment/settings.ts';
import type { EffectiveRule, Firewall } from '../../../shared/model/firewall.ts';

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
      // As many, but others.
      { ranges: ['0.0.0.0/0'] },
      { direction: 'EGRESS' },
      { source: 'hierarchy' },
      // Some VMs may come in too, whatever their address.
      { byRangesOnly: false },
    ];
    for (const change of wider)
      assert.equal(isInvestigationAccess(inForce(RANGED, change), rule), false, JSON.stringify(change));
    assert.equal(isInvestigationAccess(inForce(RANGED), investigationRule('4343', NETWORK, RANGED)), false);
  });

  it('takes a rule for its own only where all that it opens is the same, whatever its name and description', () => {
    for (const from of [TAGGED, RANGED]) {
      const rule = investigationRule('4242', NETWORK, from);
      const there: Firewall = { ...rule, id: '7', disabled: false, createdAt: '2026-11-03T04:12:04Z' };
      assert.equal(isInvestigationRule(there, rule), true);
      const others: Array<Partial<Firewall>> = [
        { description: 'mine' },
        { direction: 'EGRESS' },
        { action: 'deny' },
        { disabled: true },
        { protocols: ['all'] },
        { ranges: ['0.0.0.0/0'] },
        { sourceTags: ['web'] },
        { targetTags: ['web'] },
        { targetTags: [] },
      ];
      for (const change of others)
        assert.equal(isInvestigationRule({ ...there, ...change }, rule), false, JSON.stringify(change));
    }
  });

  it('gives a command that takes the way which is open', () => {
    const vm = { project: 'p1', zone: 'europe-west1-b', name: 'node-1' };
    const at = '2026-11-03T04:12:04Z';
    const line = (from: InvestigationSource) => sshLine(vm, { from, minutes: 60 }, at);
    const ssh = 'gcloud compute ssh node-1 --project=p1 --zone=europe-west1-b';
    assert.equal(line(RANGED), `${ssh} --tunnel-through-iap # until ${at}`);
    assert.equal(line(TAGGED), `${ssh} --internal-ip # on a VM with the tag bastion, until ${at}`);
    const ranges = ['10.0.0.0/8', '192.168.0.0/16'];
    assert.equal(line({ ranges }), `${ssh} --internal-ip # from 10.0.0.0/8 or 192.168.0.0/16, until ${at}`);
    assert.equal(line({ ranges: ['35.235.240.0/20', ...ranges] }), `${ssh} --tunnel-through-iap # until ${at}`);
  });
});
