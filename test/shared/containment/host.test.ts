import { strict as assert } from 'node:assert';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
import { changesOf, containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import { carry, STEP_INCIDENT } from '../../kit/step.ts';

/** These find nothing to wait for or to restore, and must not lock what is behind them. */
const SKIPPED: readonly string[] = ['restore-group-size', 'snapshots-ready'];

describe('containment/host', () => {
  for (const step of STEPS.filter(({ scope }) => scope === 'node'))
    it(`${step.id} changes nothing on a node of Autopilot, and says so`, async () => {
      const kit = containmentKit();
      Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const { node, nodeUid } = subject.host ?? assert.fail();
      const bare = { ...subject, host: { id: nodeUid, node, nodeUid } };
      await openIncident(kit, STEP_INCIDENT, [bare], 'isolate');
      const [carried] = await carry(kit, step);
      assert.equal(carried?.entry.state, SKIPPED.includes(step.id) ? 'skipped' : 'refused', carried?.entry.because);
      if (step.id !== 'restore-group-size') assert.match(carried?.entry.because ?? '', /^Autopilot manages/);
      assert.deepEqual(changesOf(kit), []);
    });
});
