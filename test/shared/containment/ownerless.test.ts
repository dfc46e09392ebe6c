import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { type RunPorts, run } from '../../../shared/containment/run.ts';
import { putIncident } from '../../../shared/incidents.ts';
import {
  containmentKit,
  incidentOf,
  neighboursIn,
  openIncident,
  setGoal,
  stateOfStep,
  vmOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

/** A node that i-1 has isolated; i-2 holds the node too, and has cordoned it. */
const shared = async () => {
  const kit = containmentKit();
  const { cart, other, host } = await neighboursIn(kit);
  const second = [other];
  await openIncident(kit, 'i-1', [cart], 'isolate');
  await openIncident(kit, 'i-2', second, 'quarantine');
  for (const id of ['i-1', 'i-2']) await deliver(kit, id);
  const end = async (id: string, tier: 'released' | 'closed') => {
    return reach(kit, id, tier);
  };
  const holders = async () => (await kit.ports.stores.hosts.get(host.id))?.holders;
  return { kit, second, end, holders, isCut: () => vmOf(kit, host)?.tags.items?.includes(QUARANTINE_TAG) };
};

describe('what a released incident has left on a node for another one', () => {
  it('is in the record of that one once it is closed, and is undone by the release of the next episode', async () => {
    const { kit, second, end, holders, isCut } = await shared();
    assert.equal(stateOfStep(await end('i-1', 'released'), 'deny-node-network'), 'applied');
    const closed = await end('i-2', 'closed');
    const cut = closed.journal.find((e) => e.step === 'deny-node-network');
    assert.deepEqual([cut?.state, cut?.proof, isCut()], ['applied', 'proven', true]);
    assert.match(cut?.because ?? '', /^done for an incident that has been released/);
    assert.equal(closed.journal.find((e) => e.step === 'cordon-node')?.because?.includes('released'), false);
    const next = await openIncident(kit, 'i-3', second, 'quarantine');
    await putIncident(kit.ports, { ...next, takesOver: 'i-2' }, next.rev);
    assert.equal(stateOfStep(await deliver(kit, 'i-3'), 'deny-node-network'), 'applied');
    await end('i-3', 'released');
    assert.deepEqual([isCut(), await holders()], [false, []]);
  });

  it('stays out of that record while a third incident holds the node, whose release undoes it', async () => {
    const { kit, end, isCut } = await shared();
    await openIncident(kit, 'i-3', (await incidentOf(kit, 'i-1')).subjects, 'quarantine');
    await deliver(kit, 'i-3');
    await end('i-1', 'released');
    assert.equal(stateOfStep(await end('i-2', 'closed'), 'deny-node-network'), undefined);
    await end('i-3', 'released');
    assert.equal(isCut(), false);
  });

  it('is undone if the other one was closed between the look at the holders and the last write', async () => {
    const { kit, holders, isCut } = await shared();
    const { incidents } = kit.ports.stores;
    let isClosed = false;
    const ports: RunPorts = {
      ...kit.ports,
      stores: {
        ...kit.ports.stores,
        incidents: {
          ...incidents,
          get: async (id) => {
            const found = await incidents.get(id);
            if (id === 'i-2' && !isClosed) {
              isClosed = true;
              await setGoal(kit, 'i-2', 'closed');
              await run({ ...kit.ports, owner: 'contain-2' }, 'i-2');
            }
            return found;
          },
        },
      },
    };
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(ports, 'i-1'));
    await deliver(kit, 'i-1');
    assert.ok(isClosed);
    assert.deepEqual([isCut(), await holders()], [false, ['i-2']]);
    assert.equal(stateOfStep(await incidentOf(kit, 'i-2'), 'deny-node-network'), undefined);
  });

  it('is undone where the document of the other one has expired', async () => {
    const { kit, end, isCut } = await shared();
    await kit.ports.stores.incidents.delete('i-2');
    assert.equal(stateOfStep(await end('i-1', 'released'), 'deny-node-network'), 'undone');
    assert.equal(isCut(), false);
  });
});
