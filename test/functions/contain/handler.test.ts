import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeContain } from '../../../functions/contain/handler.ts';
import { Malformed } from '../../../shared/errors.ts';
import type { SpanStart, Spans } from '../../../shared/spans.ts';
import { changesOf, containmentKit, incidentOf, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import { envelopeOf } from '../../kit/decision.ts';

const opened = async (spans?: Spans, trace?: string) => {
  const kit = containmentKit();
  const made = await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
  if (trace !== undefined) await kit.ports.stores.incidents.put('i-1', { ...made, trace }, made.rev);
  const contain = makeContain(spans === undefined ? kit.ports : { ...kit.ports, spans });
  const take = (data: unknown) => kit.clock.drive(contain(envelopeOf('containment', 'm-1', data, kit.clock.now())));
  return { kit, take };
};

describe('functions/contain', () => {
  it('carries out the goal of the incident that a message names', async () => {
    const { kit, take } = await opened();
    await take({ incident: 'i-1' });
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
    assert.ok(changesOf(kit).length > 0);
  });

  const hostile: unknown[] = [
    undefined,
    null,
    'i-1',
    {},
    { incident: 7 },
    { incident: '' },
    { incident: 'I-1' },
    { incident: '../i-1' },
    { incident: 'i-1/..' },
    { incident: 'i-1\n' },
    { incident: 'i'.repeat(81) },
    { incident: 'i-1', tier: 'delete-host' },
    { incident: 'i-1', goal: { tier: 'released' } },
  ];
  for (const data of hostile)
    it(`takes an id and never an instruction: ${JSON.stringify(data)?.slice(0, 60)}`, async () => {
      const { kit, take } = await opened();
      await assert.rejects(take(data), (thrown: Error) => {
        assert.ok(thrown instanceof Malformed, String(thrown));
        return /a containment message is \{"incident": ID\} and nothing else/.test(thrown.message);
      });
      assert.deepEqual(changesOf(kit), []);
    });

  it('refuses an incident that does not exist', async () => {
    const { kit, take } = await opened();
    await assert.rejects(take({ incident: 'i-2' }), /there is no incident i-2: nothing was done/);
    assert.deepEqual(changesOf(kit), []);
  });

  it('records the run in the trace that opened the incident, linked to its delivery', async () => {
    const delivery = { traceId: 'd'.repeat(32), spanId: 'd'.repeat(16) };
    for (const trace of [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, undefined]) {
      const seen: Array<[string, SpanStart]> = [];
      const spans: Spans = {
        span: (name, start, work) => {
          seen.push([name, start]);
          return work();
        },
        past: () => undefined,
        event: () => undefined,
        recorded: true,
        current: () => delivery,
        flush: () => undefined,
      };
      const { kit, take } = await opened(spans, trace);
      await take({ incident: 'i-1' });
      const facts = { 'firebreak.incident': 'i-1', 'firebreak.tier': 'quarantine' };
      const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
      assert.deepEqual(seen, [['contain', trace === undefined ? { facts } : { facts, parent, link: delivery }]]);
      assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
    }
  });
});
