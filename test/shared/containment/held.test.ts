import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, incidentOf, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

describe('a run that a halt holds', () => {
  it('goes on by itself if the resume came between its read of the halt and its last write', async () => {
    const kit = containmentKit();
    const { stores } = kit.ports;
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const word = { v: 1 as const, rev: 0, writer: '', by: 'ana@example.com', reason: 'drill' };
    const at = timeOf(kit.clock.now());
    const halted = await stores.halts.put('halt', { ...word, halted: true, at }, null);
    let resumed = false;
    const incidents: typeof stores.incidents = {
      ...stores.incidents,
      put: async (id, doc, expected) => {
        // The resume is committed while the incident is leased, just before the run writes that it is held.
        if (doc.held !== undefined && !resumed) {
          resumed = true;
          await stores.halts.put('halt', { ...halted, halted: false }, halted.rev);
        }
        return stores.incidents.put(id, doc, expected);
      },
    };
    const ports = { ...kit.ports, stores: { ...stores, incidents } };
    await assert.rejects(kit.clock.drive(run(ports, 'i-1')), (thrown: Error) => {
      assert.ok(thrown instanceof Transient, String(thrown));
      return /held by a halt that has ended: it resumes/.test(thrown.message);
    });
    await kit.clock.drive(run(ports, 'i-1'));
    const { state, held } = await incidentOf(kit, 'i-1');
    assert.deepEqual([state, held], ['contained', undefined]);
  });
});
