import { strict as assert } from 'node:assert';
import { SHOP_NODES } from '../../../local/world/seed.ts';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  endOf,
  hostOf,
  type Kit,
  openIncident,
  podNamed,
  stateOfStep,
  subjectOf,
} from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';
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

  /** An incident on a pod whose VM nobody could read, so that its id is what the Node says. */
  const unconfirmed = async (over: object): Promise<{ kit: Kit; end: Incident }> => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const host = subject.host ?? assert.fail();
    await openIncident(kit, 'i-1', [{ ...subject, host: { ...host, unconfirmed: true, ...over } }], 'isolate');
    return { kit, end: await deliver(kit) };
  };

  it('isolates a node as ever if the id that it says is that of its VM', async () => {
    const known = containmentKit();
    await openIncident(known, 'i-1', [await subjectOf(known, podNamed(known, 'shop', 'cart'))], 'isolate');
    const { kit, end } = await unconfirmed({});
    assert.deepEqual(endOf(end), endOf(await deliver(known)));
    assert.deepEqual(changesOf(kit), changesOf(known));
  });

  it('touches no VM if the id that a node says is not that of its VM, but cuts the pod off', async () => {
    const kit = containmentKit();
    const { host } = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const others = Object.values(SHOP_NODES)
      .flat()
      .filter((node) => node !== host?.node);
    const other = await hostOf(kit, others[0] ?? assert.fail());
    for (const id of [other.id, '999999999999']) {
      const { kit: attacked, end } = await unconfirmed({ id });
      const touched = attacked.world.log.by(CONTAIN).filter(({ api }) => api === 'compute');
      assert.deepEqual(touched, []);
      assert.equal(stateOfStep(end, 'quarantine-pod'), 'applied');
      assert.equal(stateOfStep(end, 'deny-node-network'), 'failed');
      const said = end.journal.find(({ step }) => step === 'deny-node-network')?.because;
      assert.match(said ?? '', new RegExp(`says that the id of its VM is ${id}, but .* neither is touched`));
    }
  });
});
