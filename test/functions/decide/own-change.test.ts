import { strict as assert } from 'node:assert';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { makeDetector } from '../../../shared/detection/detector.ts';
import { noRules } from '../../../shared/detection/rules-file.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { Stores } from '../../../shared/ports.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const OWN = 'firebreak-contain@p1.iam.gserviceaccount.com';

/** A shop with an incident in which contain quarantined a pod, and a way to send audit entries of our own identity. */
const played = async (change: (stores: Stores) => Partial<Stores> = () => ({})) => {
  const kit = decisionKit();
  const pod = podNamed(kit, 'shop', 'cart-');
  await kit.decide(findingOn(kit, targetOf(pod)));
  const opened = await kit.incident();
  const entry: Entry = {
    step: 'quarantine-pod',
    subject: `shop/${pod.metadata.name}`,
    uid: pod.metadata.uid,
    state: 'applied',
    startedAt: timeOf(kit.clock.now()),
    endedAt: timeOf(kit.clock.now()),
    proof: 'proven',
    before: {},
    requestId: 'b0c1d2e3-0000-8000-8000-000000000001',
    rev: 1,
  };
  await kit.carryOut(opened.id, [entry]);
  const { rules, see } = makeDetector(noRules(), [OWN]);
  const stores = { ...kit.ports.stores, ...change(kit.ports.stores) };
  const decide = makeDecide({ ...kit.ports, stores, rules: new Map(rules.map((rule) => [rule.id, rule])) });
  return {
    kit,
    opened,
    /** Sends an entry about contain's patch of the pod, changed by `parts`, through detector and decide. */
    send: async (parts: Partial<AuditEntryParts> = {}): Promise<void> => {
      const told = { verb: 'patch', resource: 'pods', namespace: 'shop', name: pod.metadata.name, principal: OWN };
      const payload = auditEntry({ ...SHOP, ...told, at: timeOf(kit.clock.now()), ...parts });
      const { signal } = readPayload(payload, { now: kit.clock.now() });
      assert.ok(signal);
      const { findings } = see(signal, kit.clock.now());
      assert.equal(findings.length, 1);
      for (const one of findings) await decide(envelopeOf('findings', 'm', one, kit.clock.now()));
    },
  };
};

const others = async (kit: Kit, { id }: Incident): Promise<Incident[]> =>
  (await kit.incidents()).filter((incident) => incident.id !== id);

describe('decide, on changes by our own identities', () => {
  it('drops a change that a journal records, and counts it', async () => {
    const { kit, opened, send } = await played();
    await send();
    assert.deepEqual(await others(kit, opened), []);
    assert.deepEqual(kit.counted, [
      { metric: 'own-change', message: `patch core/pods is quarantine-pod of ${opened.id}` },
    ]);
  });

  it('opens a critical incident for any other change, and only notifies people', async () => {
    const { kit, opened, send } = await played();
    await send({ name: 'till-0' });
    const [incident, ...more] = await others(kit, opened);
    assert.deepEqual(more, []);
    assert.deepEqual([incident?.severity, incident?.decision?.tier, incident?.subjects], ['critical', 'observe', []]);
    assert.equal(incident?.target.principal, OWN);
    assert.deepEqual(kit.counted, []);
  });

  it('opens an incident for a change with another verb or at another time', async () => {
    const elsewhere = await played();
    await elsewhere.send({ verb: 'delete' });
    assert.equal((await others(elsewhere.kit, elsewhere.opened)).length, 1);
    const later = await played();
    await later.kit.clock.advance(40 * 60_000);
    await later.send();
    assert.equal((await others(later.kit, later.opened)).length, 1);
  });

  it('takes no journal of another cluster for an explanation, where pods may have the same names', async () => {
    const { kit, opened, send } = await played();
    const { id, target } = opened;
    for (const place of [{ project: 'p2' }, { location: 'europe-west4' }, { cluster: 'c2' }]) {
      const known = (await kit.ports.stores.incidents.get(id)) ?? assert.fail();
      await kit.ports.stores.incidents.put(id, { ...known, target: { ...target, ...place } }, known.rev);
      const host = { v: 1, rev: 0, writer: '', id: 'h1', instance: 'h1', node: 'shop', holders: [id] } as const;
      const there = await kit.ports.stores.hosts.get('h1');
      const { journal } = known;
      await kit.ports.stores.hosts.put('h1', { ...host, holders: [id], journal }, there?.rev ?? null);
      await send();
      assert.deepEqual(kit.counted, [], JSON.stringify(place));
    }
  });

  it('knows what a release takes back, long after it was done', async () => {
    const { kit, opened, send } = await played();
    await kit.clock.advance(90 * 60_000);
    await kit.ask({ action: 'release', incident: opened.id, reason: 'looked at', requestedBy: 'ana@example.com' });
    await send();
    assert.deepEqual(await others(kit, opened), []);
  });

  it('finds a shared entry in the document of the host that incidents share', async () => {
    const { kit, opened, send } = await played();
    const namespace = kit.cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
    const entry: Entry = {
      step: 'deny-pod-network',
      subject: 'shop',
      uid: namespace?.metadata.uid ?? '',
      state: 'applying',
      startedAt: timeOf(kit.clock.now()),
      proof: null,
      requestId: 'b0c1d2e3-0000-8000-8000-000000000002',
      rev: 1,
    };
    const policy = { verb: 'create', group: 'networking.k8s.io', resource: 'networkpolicies', name: 'firebreak' };
    const host = { v: 1, rev: 0, writer: '', id: 'h1', instance: 'h1', node: 'shop', journal: [entry] } as const;
    await kit.ports.stores.hosts.put('h1', { ...host, journal: [entry], holders: [opened.id] }, null);
    await send(policy);
    assert.deepEqual(await others(kit, opened), []);
    assert.deepEqual(
      kit.counted.map(({ metric }) => metric),
      ['own-change'],
    );
  });

  it('decides nothing if it cannot read the journals', async () => {
    const { kit, opened, send } = await played(({ incidents }) => ({
      incidents: {
        ...incidents,
        list: async () => {
          throw new Transient('the store is away');
        },
      },
    }));
    await assert.rejects(send(), Transient);
    assert.deepEqual(await others(kit, opened), []);
  });
});
