import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeMemoryStore } from '../../../../shared/adapters/store-memory.ts';
import { type Carried, carryInto } from '../../../../shared/decision/requests/carry-into.ts';
import { openStores } from '../../../../shared/store/incidents.ts';
import { decisionKit } from '../../../kit/decision.ts';
import { virtualClock } from '../../../kit/virtual-clock.ts';
import { incidentOn } from '../fixtures.ts';

type Asked = Parameters<typeof carryInto>[1];

describe('a request that is carried into an incident', () => {
  it('is carried in once, however often it is delivered; what follows it is done again, but never for a refused one', async () => {
    const clock = virtualClock();
    const stores = openStores({ raw: makeMemoryStore(clock), clock });
    const ports = { ...decisionKit().ports, clock, stores };
    const current = await stores.incidents.put('i-1-1', incidentOn(), null);
    const told: string[] = [];
    const carry = (id: string, carried: Carried, into = current.id) => {
      const at = '2026-03-02T03:00:00.000Z';
      const email = 'ana@example.com';
      const request = { action: 'release' as const, incident: into, reason: 'r', requestedBy: email };
      const asked: Asked = { id, at, seenAt: at, operator: { email, by: email }, request };
      const change = (): Carried => {
        told.push(`${id} changes`);
        return carried;
      };
      return carryInto(ports, asked, into, change, async () => void told.push(`${id} is followed up`));
    };
    const first = await carry('r-1', { next: current, outcome: 'done' });
    const again = await carry('r-1', { refused: 'it is done already' });
    assert.deepEqual([first.state, first.outcome, again], ['accepted', 'done', first]);
    assert.equal((await carry('r-2', { refused: 'no' })).outcome, 'no');
    assert.match((await carry('r-3', { refused: 'no' }, 'i-9-9')).outcome ?? '', /^there is no incident i-9-9: see /);
    assert.deepEqual(told, ['r-1 changes', 'r-1 is followed up', 'r-1 is followed up', 'r-2 changes']);
  });
});
