import { strict as assert } from 'node:assert';
import { makeDecide } from '../../../functions/decide/handler.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, noticesOf, podNamed, targetOf } from '../../kit/decision.ts';

const MINER = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
const ENDS = ['close', 'release'] as const;

const cart = (kit: Kit) => targetOf(podNamed(kit, 'shop', 'cart-'), true);
const end = (kit: Kit, action: (typeof ENDS)[number], { id }: Incident) =>
  kit.ask({ action, incident: id, reason: 'looked at', requestedBy: 'ana@example.com' });
const placeOf = async (kit: Kit, { id }: Finding) => (await kit.ports.stores.findings.get(id))?.incident;

/** An open incident, and a stronger finding on the same pod that is not yet decided. */
const opened = async () => {
  const kit = decisionKit();
  await kit.decide(findingOn(kit, cart(kit), { severity: 'medium', confidence: 0.6 }));
  await kit.clock.advance(60_000);
  return { kit, first: await kit.incident(), late: findingOn(kit, cart(kit), MINER) };
};

/** Stores a finding under an incident, as a delivery does that dies before the merge. */
const recorded = ({ ports }: Kit, finding: Finding, { id, key, episode }: Incident) =>
  ports.stores.findings.put(finding.id, { v: 1, rev: 0, writer: '', finding, incident: id, key, episode }, null);

/** Runs `act` once, right after a finding was stored. */
const afterRecord = ({ ports }: Kit, act: () => Promise<unknown>): void => {
  const { findings } = ports.stores;
  let done = false;
  const put: typeof findings.put = async (...given) => {
    const stored = await findings.put(...given);
    if (!done) {
      done = true;
      await act();
    }
    return stored;
  };
  ports.stores = { ...ports.stores, findings: { ...findings, put } };
};

/** A process of its own, which delivers a finding any number of times. */
const processOf = (kit: Kit) => {
  const decide = makeDecide(kit.ports);
  return (finding: Finding) => decide(envelopeOf('findings', 'm', finding, kit.clock.now()));
};

const holdsInNext = async (kit: Kit, action: (typeof ENDS)[number], first: Incident, late: Finding) => {
  const [one, two, ...more] = await kit.incidents();
  assert.ok(one !== undefined && two !== undefined);
  assert.deepEqual(
    [one.id, one.findings.map(({ id }) => id), more],
    [first.id, first.findings.map(({ id }) => id), []],
  );
  assert.deepEqual([two.key, two.episode, two.findings.map(({ id }) => id)], [one.key, 2, [late.id]]);
  assert.deepEqual(
    [two.decision?.verdict, two.goal?.tier, two.decision?.asked?.tier],
    action === 'close' ? ['act', 'isolate', 'delete-workload'] : ['ask', undefined, 'delete-workload'],
  );
  assert.equal(await placeOf(kit, late), two.id);
  // Receivers drop a repeated number.
  const told = noticesOf(kit).flatMap(({ incident, seq, kind }) => (incident === two.id ? [`${seq} ${kind}`] : []));
  assert.deepEqual([...new Set(told)], ['0 opened', '1 ask']);
};

describe('decide, for a finding whose episode a person ends before it is merged', () => {
  for (const action of ENDS) {
    it(`merges it into the next episode if the ${action} comes between its read and its write`, async () => {
      const { kit, first, late } = await opened();
      const { incidents } = kit.ports.stores;
      let isEnded = false;
      const put: typeof incidents.put = async (id, doc, rev) => {
        if (!isEnded && id === first.id) {
          isEnded = true;
          await end(kit, action, first);
        }
        return incidents.put(id, doc, rev);
      };
      kit.ports.stores = { ...kit.ports.stores, incidents: { ...incidents, put } };
      await processOf(kit)(late);
      assert.ok(isEnded);
      await holdsInNext(kit, action, first, late);
    });

    it(`merges it into the next episode after a ${action}, and publishes its notices once`, async () => {
      const { kit, first, late } = await opened();
      afterRecord(kit, () => end(kit, action, first));
      await kit.decide(late);
      await holdsInNext(kit, action, first, late);
      await kit.decide(late);
      await holdsInNext(kit, action, first, late);
      assert.equal((await kit.incidents())[1]?.summary.count, 1);
    });

    it(`merges it into the next episode if redelivered after a ${action}, also in a process that remembers the first`, async () => {
      const { kit, first, late } = await opened();
      await recorded(kit, late, first);
      const others = [processOf(kit), processOf(kit), processOf(kit)];
      const { incidents } = kit.ports.stores;
      kit.ports.stores.incidents = { ...incidents, put: async () => assert.fail('it is not written') };
      const failing = processOf(kit);
      await assert.rejects(failing(late));
      kit.ports.stores.incidents = incidents;
      await end(kit, action, first);
      await Promise.all([...others, failing].map((deliver) => deliver(late)));
      await holdsInNext(kit, action, first, late);
    });
  }

  it('opens no third episode in a process that remembers the first, if the second was ended too', async () => {
    const { kit, first, late } = await opened();
    await recorded(kit, late, first);
    const { incidents } = kit.ports.stores;
    kit.ports.stores.incidents = { ...incidents, put: async () => assert.fail('it is not written') };
    const behind = processOf(kit);
    await assert.rejects(behind(late));
    kit.ports.stores.incidents = incidents;
    await end(kit, 'close', first);
    await kit.decide(late);
    const [, second] = await kit.incidents();
    await end(kit, 'close', second ?? assert.fail('no second one'));
    await behind(late);
    assert.deepEqual(
      (await kit.incidents()).map(({ episode, goal }) => [episode, goal?.tier]),
      [
        [1, 'closed'],
        [2, 'closed'],
      ],
    );
  });

  it('opens no episode for findings that were merged already, whether the incident lists them or not', async () => {
    const kit = decisionKit();
    const findings = Array.from({ length: 30 }, () => findingOn(kit, cart(kit)));
    for (const finding of findings) await kit.decide(finding);
    const first = await kit.incident();
    assert.ok(first.findings.length < findings.length);
    await end(kit, 'close', first);
    await kit.clock.advance(60_000);
    for (const finding of findings) await kit.decide(finding);
    assert.equal((await kit.incident()).summary.count, first.summary.count);
  });
});

describe('decide, for a finding that comes again after a later episode was opened', () => {
  it('merges it there, so that no two episodes act on one pod', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit), { severity: 'low', confidence: 0.2, conclusive: false }));
    const first = await kit.incident();
    const late = findingOn(kit, cart(kit), MINER);
    await recorded(kit, late, first);
    await kit.clock.advance(40 * 60_000);
    await kit.decide(findingOn(kit, cart(kit)));
    await processOf(kit)(late);
    const [one, two, ...more] = await kit.incidents();
    assert.deepEqual([one?.id, one?.goal, more], [first.id, null, []]);
    assert.deepEqual([two?.episode, two?.summary.count, two?.goal?.tier], [2, 2, 'isolate']);
    assert.equal(await placeOf(kit, late), two?.id);
  });
});
