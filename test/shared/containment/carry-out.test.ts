import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import { containmentKit, incidentOf, openIncident, podNamed, stateOfStep, subjectOf } from '../../kit/containment.ts';

const opened = async (tier: Parameters<typeof openIncident>[3]) => {
  const kit = containmentKit();
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], tier);
  return kit;
};

describe('containment/carry-out', () => {
  it('ends with the fault of the step that cannot go on, at every delivery, once all other steps are done', async () => {
    const kit = await opened('quarantine');
    const stepOf: typeof kit.ports.stepOf = (id) => {
      const step = kit.ports.stepOf(id);
      if (step === undefined || id !== 'cordon-node') return step;
      return { ...step, capture: () => Promise.reject(new Transient('the node does not answer')) };
    };
    for (const delivery of ['first', 'second']) {
      const failed = kit.clock.drive(run({ ...kit.ports, stepOf }, 'i-1'));
      await assert.rejects(failed, /the node does not answer/, delivery);
      const incident = await incidentOf(kit, 'i-1');
      assert.deepEqual([incident.state, incident.run.rev], ['containing', 0], delivery);
      assert.deepEqual(
        [stateOfStep(incident, 'cordon-node'), stateOfStep(incident, 'quarantine-pod')],
        ['pending', 'applied'],
        delivery,
      );
    }
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const incident = await incidentOf(kit, 'i-1');
    assert.deepEqual([incident.state, stateOfStep(incident, 'cordon-node')], ['contained', 'applied']);
  });

  it('cuts the node before its drain where the cluster enforces no network policy, and after it where it does', async () => {
    for (const networkPolicy of [true, false]) {
      const kit = await opened('isolate');
      const { clusters } = kit.ports;
      const describe: typeof clusters.describe = async (of) => ({ ...(await clusters.describe(of)), networkPolicy });
      await kit.clock.drive(run({ ...kit.ports, clusters: { ...clusters, describe } }, 'i-1'));
      const steps = (await incidentOf(kit, 'i-1')).plan.map((item) => item.step);
      assert.equal(steps.indexOf('drain-node') < steps.indexOf('deny-node-network'), networkPolicy);
    }
  });
});
