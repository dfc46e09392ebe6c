import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { makeOperate } from '../../../functions/operate/handler.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { finding as schema } from '../../../shared/model/finding.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { type CrashAt, crashing } from '../../kit/crash.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podNamed, podsNamed, targetOf } from '../../kit/decision.ts';

type Script = {
  /** What happens before the process that dies. */
  before(kit: Kit): Promise<void>;
  envelope(kit: Kit): Envelope;
};

const MINER = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
const finding = (kit: Kit, id: string, name: string, over = {}) =>
  envelopeOf(
    'findings',
    'm-1',
    findingOn(kit, targetOf(podNamed(kit, 'shop', name)), { id, ...over }),
    kit.clock.now(),
  );
const request = (kit: Kit, body: object) =>
  envelopeOf('requests', 'm-1', { requestedBy: 'ana@example.com', reason: 'seen in triage', ...body }, kit.clock.now());
const nothing = async (): Promise<void> => undefined;
const only = async (kit: Kit): Promise<Incident> => kit.incident();

let asked: Incident | undefined;
const open = async (kit: Kit): Promise<void> => {
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { id: 'f-first', ...MINER }));
  asked = await only(kit);
};

/** A finding stored under an incident and not yet merged when a person ended the incident. */
const endOne = (action: 'close' | 'release') => async (kit: Kit) => {
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { id: 'f-first' }));
  const { id, key, episode } = await only(kit);
  const { data } = finding(kit, 'f-x', 'cart-', MINER);
  const record = { v: 1 as const, rev: 0, writer: '', finding: schema.parse(data), incident: id, key, episode };
  await kit.ports.stores.findings.put('f-x', record, null);
  await kit.ask({ action, incident: id, reason: 'looked at', requestedBy: 'ana@example.com' });
};

const SCRIPTS: Record<string, Script> = {
  'a first finding': { before: nothing, envelope: (kit) => finding(kit, 'f-x', 'cart-') },
  'a finding on a second pod': {
    before: open,
    envelope: (kit) => {
      const [, two] = podsNamed(kit, 'shop', 'cart-');
      assert.ok(two !== undefined);
      return envelopeOf('findings', 'm-1', findingOn(kit, targetOf(two), { id: 'f-x' }), kit.clock.now());
    },
  },
  'a finding whose episode was closed': {
    before: endOne('close'),
    envelope: (kit) => finding(kit, 'f-x', 'cart-', MINER),
  },
  'a finding whose episode was released': {
    before: endOne('release'),
    envelope: (kit) => finding(kit, 'f-x', 'cart-', MINER),
  },
  'a request to contain': {
    before: nothing,
    envelope: (kit) =>
      request(kit, { action: 'contain', tier: 'isolate', target: targetOf(podNamed(kit, 'shop', 'cart-')) }),
  },
  'an approval': {
    before: open,
    envelope: (kit) => request(kit, { action: 'approve', incident: asked?.id, plan: asked?.decision?.asked?.plan }),
  },
  'a release': { before: open, envelope: (kit) => request(kit, { action: 'release', incident: asked?.id }) },
  'a halt': { before: nothing, envelope: (kit) => request(kit, { action: 'halt' }) },
};

const handle = (ports: Kit['ports'], envelope: Envelope): Promise<void> =>
  envelope.topic === 'findings' ? makeDecide(ports)(envelope) : makeOperate(ports)(envelope);

/** The part of the stores that must be equal whenever the process died. It leaves out revisions, writers and counts. */
const endOf = async (kit: Kit) => {
  const incidents = (await kit.incidents()).map(({ rev: _, writer: __, summary, ...rest }) => ({
    ...rest,
    summary: { ...summary, count: 0 },
  }));
  const { stores } = kit.ports;
  const plain = <T extends { rev: number; writer: string }>({ rev: _, writer: __, ...rest }: T) => rest;
  return {
    incidents,
    heads: (await stores.heads.list({})).items.map(plain),
    findings: (await stores.findings.list({})).items.map(plain),
    subjects: (await stores.subjects.list({})).items.map(plain),
    requests: (await stores.requests.list({})).items.map(plain),
    halts: (await stores.halts.list({})).items.map(plain),
  };
};

/** The messages that receivers act on, each once, because receivers drop repetitions. */
const told = (kit: Kit): string[] =>
  [
    ...new Set(
      kit.published.map(({ topic, body }) => JSON.stringify([topic, Object(body).incident, Object(body).seq])),
    ),
  ].sort();

const play = async (script: Script, at?: CrashAt) => {
  const kit = decisionKit();
  await script.before(kit);
  const envelope = script.envelope(kit);
  const { policy, policyHash, rules } = kit.ports;
  const dying = crashing(kit.ports, at);
  await kit.clock.drive(handle({ ...dying.ports, policy, policyHash, rules }, envelope), () => dying.crashed());
  // A second process, to which the message is delivered twice.
  await handle(kit.ports, envelope);
  await handle(kit.ports, envelope);
  return { calls: dying.calls(), crashed: dying.crashed(), end: await endOf(kit), told: told(kit), kit };
};

describe('decide and operate, dying at any call', () => {
  for (const [name, script] of Object.entries(SCRIPTS))
    it(`reach the same end for ${name}`, async () => {
      const whole = await play(script);
      assert.ok(whole.calls > 3);
      for (let call = 1; call <= whole.calls; call += 1)
        for (const when of ['before', 'after'] as const) {
          const { crashed, end, told: heard } = await play(script, { call, when });
          assert.ok(crashed, `call ${call} was not reached`);
          assert.deepEqual(end, whole.end, `died ${when} call ${call}`);
          assert.deepEqual(heard, whole.told, `died ${when} call ${call}`);
        }
    }).timeout(60_000);

  it('leave to the tick what a dead process did not publish', async () => {
    const script = SCRIPTS['a first finding'];
    assert.ok(script !== undefined);
    const kit = decisionKit();
    const dying = crashing(kit.ports);
    const { policy, policyHash, rules } = kit.ports;
    const bus = { publish: () => new Promise<string>(() => undefined) };
    const ports = { ...dying.ports, bus, policy, policyHash, rules };
    await kit.clock.drive(handle(ports, script.envelope(kit)));
    assert.equal(kit.published.length, 0);
    assert.equal((await kit.incident()).dueAt, timeOf(kit.clock.now()));
    await kit.tick();
    assert.deepEqual(
      kit.published.map((p) => p.topic),
      ['containment', 'notices'],
    );
  });
});
