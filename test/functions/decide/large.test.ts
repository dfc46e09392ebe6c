import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { MAX_DOCUMENT_BYTES } from '../../../shared/store.ts';
import { decisionKit, findingOn, podsNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

describe('decide, for findings with as much text as a finding may have', () => {
  it('takes every pod into the incident, whose document leaves room for plan and journal', async () => {
    const kit = decisionKit();
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(ref, (draft) => Object.assign(draft.spec ?? {}, { replicas: 60 }));
    kit.world.settle();
    await kit.clock.advance(MINUTE);
    const carts = podsNamed(kit, 'shop', 'cart-').map((pod) => targetOf(pod));
    await kit.ask({ action: 'contain', tier: 'quarantine', target: carts[0], ...ANA });
    for (const [n, target] of carts.entries()) {
      const because = Array.from({ length: 20 }, (_, line) => `${n} ${line} `.padEnd(1000, 'x'));
      await kit.decide(findingOn(kit, target, { because }));
    }
    const incident = await kit.incident();
    assert.equal(incident.subjects.length, 60);
    const size = Buffer.byteLength(JSON.stringify(incident));
    assert.ok(size < MAX_DOCUMENT_BYTES / 2, `${size} bytes`);
  });
});
