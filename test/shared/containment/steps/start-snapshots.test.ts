import { strict as assert } from 'node:assert';
import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';
import { deliver } from '../../../kit/deliveries.ts';

stepContract({
  step: startSnapshots,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      // The call is accepted and its operation fails on quota. Only then does the step read the operation.
      const method = 'Snapshots.Insert';
      kit.world.compute.script({ method, kind: 'fail-operation', code: 'QUOTA_EXCEEDED', status: 429 });
      return regionalSubject(kit);
    },
  ],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});

describe('containment/steps/start-snapshots', () => {
  it('fails with the reason where the quota for snapshots is used up for good, and containment ends', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const refusal = { kind: 'refuse', status: 403, reason: 'quotaExceeded', times: 1_000_000 } as const;
    kit.world.compute.script({ ...refusal, method: 'Snapshots.Insert' });
    const incident = await deliver(kit);
    assert.equal(incident.state, 'contained');
    const [entry] = incident.journal;
    assert.deepEqual([entry?.step, entry?.state], ['start-snapshots', 'failed']);
    assert.match(entry?.because ?? '', /no snapshot of .* in 10 minutes; .*403 quotaExceeded/);
  });
});
