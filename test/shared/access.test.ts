import { strict as assert } from 'node:assert';
import { makeContain } from '../../functions/contain/handler.ts';
import { makeDecide } from '../../functions/decide/handler.ts';
import { makeDetectAuditLog } from '../../functions/detect-audit-log/handler.ts';
import { makeDetectCryptomining } from '../../functions/detect-cryptomining/handler.ts';
import { makeDetectThreat } from '../../functions/detect-threat/handler.ts';
import { makeNotify } from '../../functions/notify/handler.ts';
import { makeOperate } from '../../functions/operate/handler.ts';
import { type AuditEntryParts, auditEntry } from '../../local/scenarios/audit-entry.ts';
import { falcoAlert } from '../../local/scenarios/falco-alert.ts';
import { cpuIncident } from '../../local/scenarios/monitoring-incident.ts';
import { SHOP } from '../../local/world/seed.ts';
import type { World } from '../../local/world/world.ts';
import { ACCESS, type Right } from '../../shared/access.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { STEPS } from '../../shared/containment/steps/registry.ts';
import { CONSOLE_EXHIBIT } from '../../shared/deployment.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Bus, Log, LogReader } from '../../shared/ports.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { ungranted } from '../e2e/kit.ts';
import { consoleKit } from '../kit/console.ts';
import { CONTAIN, containmentKit, openIncident, podNamed as podIn, setGoal, subjectOf } from '../kit/containment.ts';
import { appliedEntry, DECIDE, decisionKit, envelopeOf, findingOn, podNamed, targetOf } from '../kit/decision.ts';
import { flat, metricsOf } from '../kit/metrics.ts';
import { envelopeOf as noticeEnvelope, noticeOf } from '../kit/notices.ts';
import { type Needs, needs, noted } from '../kit/permissions.ts';

const MINUTE = 60_000;
const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, count: () => undefined };
const BUS: Bus = { publish: async () => 'm' };
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

const textOf = ({ permission, on }: Right): string => `${permission} on ${on}`;
/** The rights of a function without those for sending spans, which the span adapter's own tests check. */
const ofItsOwn = (name: FunctionName): string[] =>
  ACCESS[name].rights.filter(({ when }) => when !== 'traces').map(textOf);
const granted = (name: FunctionName): string[] => [...new Set(ofItsOwn(name))].toSorted();

/** Adds the permissions that an identity used in the simulated Compute Engine, those on VMs as rights on nodes. */
const addCompute = (world: World, actor: string, seen: Needs): void => {
  for (const call of world.compute.state.calls.filter((one) => one.actor === actor))
    for (const permission of call.permissions)
      seen.rights.add(`${permission} on ${permission.startsWith('compute.instances.') ? 'nodes' : 'project'}`);
};

const isExactly = (name: FunctionName, seen: Needs): void => {
  assert.deepEqual([...seen.rights].toSorted(), granted(name));
  assert.deepEqual([...seen.topics].toSorted(), ACCESS[name].publishes.toSorted());
};

describe('access', () => {
  it('grants decide exactly what it calls', async () => {
    const kit = decisionKit();
    const seen = needs();
    const decide = makeDecide(noted(kit.ports, seen));
    const pod = podNamed(kit, 'shop', 'cart-');
    const deliver = (over: object = {}) =>
      decide(envelopeOf('findings', 'm', findingOn(kit, targetOf(pod), over), kit.clock.now()));
    kit.world.compute.state.calls.length = 0;
    // A finding that comes after the end of its episode makes decide list the findings.
    await deliver({ severity: 'low', confidence: 0.1 });
    await kit.clock.advance(32 * MINUTE);
    await deliver({ severity: 'low', confidence: 0.1 });
    await deliver({ rule: 'exec-miner', severity: 'critical', confidence: 0.95 });
    addCompute(kit.world, DECIDE, seen);
    isExactly('decide', seen);
  });

  it('grants operate exactly what it calls', async () => {
    const kit = decisionKit();
    const seen = needs();
    const operate = makeOperate(noted(kit.ports, seen));
    const send = (topic: 'requests' | 'tick' | 'dead-letters', data: unknown) =>
      operate(envelopeOf(topic, `m-${kit.clock.now()}-${JSON.stringify(data).length}`, data, kit.clock.now()));
    const pod = podNamed(kit, 'shop', 'cart-');
    kit.world.compute.state.calls.length = 0;
    await send('requests', { action: 'contain', tier: 'isolate', target: targetOf(pod), ...ANA });
    const incident = await kit.incident();
    await kit.carryOut(incident.id, [appliedEntry(kit)]);
    await send('requests', { action: 'halt', ...ANA });
    await send('tick', {});
    await kit.clock.advance(61 * MINUTE);
    await send('tick', {});
    await send('requests', { action: 'resume', ...ANA });
    await send('requests', { action: 'release', incident: incident.id, ...ANA });
    await send('dead-letters', { id: 'f-1' });
    addCompute(kit.world, DECIDE, seen);
    isExactly('operate', seen);
  });

  it('grants contain what its steps declare and what the run itself calls', async () => {
    const kit = containmentKit();
    const seen = needs();
    const ports = noted(kit.ports, seen);
    const contain = makeContain({ ...ports, log: kit.ports.log });
    const pod = podIn(kit, 'shop', 'cart-');
    await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'isolate', {
      options: { investigate: true, forensics: true },
    });
    kit.world.compute.state.calls.length = 0;
    const deliver = async () => {
      for (let times = 0; times < 4; times += 1) {
        await kit.clock.drive(contain(envelopeOf('containment', 'm', { incident: 'i-1' }, kit.clock.now())));
        await kit.clock.advance(MINUTE);
      }
    };
    await deliver();
    await setGoal(kit, 'i-1', 'delete-workload');
    await deliver();
    await setGoal(kit, 'i-1', 'released');
    await deliver();
    addCompute(kit.world, CONTAIN, seen);
    const declared = STEPS.flatMap(({ permissions }) => [...permissions.iam, ...(permissions.optIn ?? [])]);
    const ofSteps = (right: string): boolean => declared.includes(right.split(' ')[0] ?? '');
    // The rights that no step declares must be exactly those that the run itself needs.
    assert.deepEqual(
      [...seen.rights].filter((right) => !ofSteps(right)).toSorted(),
      granted('contain').filter((right) => !ofSteps(right)),
    );
    const permissions = new Set(ACCESS.contain.rights.map(({ permission }) => permission));
    assert.deepEqual(
      declared.filter((permission) => !permissions.has(permission)),
      [],
    );
    assert.deepEqual([...seen.topics], ACCESS.contain.publishes);
  });

  it('grants detect-audit-log exactly what it calls', async () => {
    const kit = decisionKit();
    const seen = needs();
    const memory = openMemoryStores({ raw: makeMemoryStore(kit.clock), clock: kit.clock });
    const entry = (name: string, over: Partial<AuditEntryParts> = {}) =>
      auditEntry({
        ...SHOP,
        ...{ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name, command: 'sh' },
        at: timeOf(kit.clock.now()),
        ...over,
      });
    const logs: LogReader = { entries: async () => [entry('cart-0')] };
    const detect = makeDetectAuditLog(noted({ bus: BUS, clock: kit.clock, log: QUIET, memory, logs }, seen));
    // The history of refused calls is created first and then updated.
    for (const name of ['cart-0', 'cart-1', 'cart-2'])
      await detect(envelopeOf('audit-log', 'm', entry(name, { code: 7 }), kit.clock.now()), () => {});
    const match = {
      incident_id: '0.abc',
      state: 'open',
      started_at: kit.clock.now() / 1000,
      policy_name: 'p',
      condition_name: 'c',
      condition: { name: 'n', displayName: 'd', conditionMatchedLog: { filter: 'f' } },
      resource: { type: 'k8s_cluster', labels: { project_id: 'p1' } },
      scoping_project_id: 'p1',
    };
    await detect(envelopeOf('audit-log', 'm', { version: '1.2', incident: match }, kit.clock.now()), () => {});
    isExactly('detect-audit-log', seen);
  });

  it('grants detect-cryptomining exactly what it calls', async () => {
    const kit = decisionKit();
    const seen = needs();
    const memory = openMemoryStores({ raw: makeMemoryStore(kit.clock), clock: kit.clock });
    const pod = podNamed(kit, 'shop', 'cart-');
    const now = kit.clock.now();
    const incident = (state: 'open' | 'closed') =>
      cpuIncident({
        id: '0.a',
        cluster: SHOP,
        on: { kind: 'pod', namespace: 'shop', pod: pod.metadata.name, container: 'cart' },
        startedAt: now,
        state,
      });
    const ports = {
      bus: BUS,
      clock: kit.clock,
      log: QUIET,
      memory,
      metrics: metricsOf([{ pod: pod.metadata.name, use: flat(0.95), limit: 1 }]),
      clusters: kit.ports.clusters,
    };
    const detect = makeDetectCryptomining(noted(ports, seen));
    for (const state of ['open', 'closed'] as const) await detect(envelopeOf('cpu', 'm', incident(state), now));
    isExactly('detect-cryptomining', seen);
  });

  it('grants detect-threat exactly what it calls', async () => {
    const seen = needs();
    const kit = decisionKit();
    const ports = {
      bus: BUS,
      clock: kit.clock,
      log: QUIET,
      project: 'p1',
      clusterOfTopic: new Map([['threat-c1', SHOP]]),
    };
    const detect = makeDetectThreat(noted(ports, seen));
    await detect({
      ...envelopeOf('threat', 'm', falcoAlert({ rule: 'Terminal shell in container' }), kit.clock.now()),
      topic: 'threat-c1',
    });
    isExactly('detect-threat', seen);
  });

  it('grants notify exactly what it calls', async () => {
    const seen = needs();
    const kit = decisionKit();
    const { threads } = openMemoryStores({ raw: makeMemoryStore(kit.clock), clock: kit.clock });
    const told = { id: 'r', send: async () => undefined };
    const { memory, ...rest } = noted({ memory: { threads }, clock: kit.clock, log: QUIET }, seen);
    const notify = makeNotify({ ...rest, threads: memory.threads, notifiers: [told] });
    for (const seq of [0, 1]) await notify(noticeEnvelope(noticeOf({ seq })));
    isExactly('notify', seen);
  });

  it('grants the console exactly what it calls', async () => {
    const seen = needs();
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
    const { id } = await kit.incident();
    await kit.carryOut(id, [{ ...appliedEntry(kit), step: 'capture-evidence', subject: 'shop/cart#objects' }]);
    const read: string[] = [];
    const get = async (key: string) => void read.push(key);
    const { stores, exhibit } = noted({ stores: kit.ports.stores, exhibit: { get } }, seen);
    const console = consoleKit({ stores, evidence: exhibit }, kit);
    await console.get('/');
    await console.get(`/incidents/${id}`);
    assert.deepEqual([...seen.rights].toSorted(), granted('console'));
    assert.ok(read.length > 0 && read.every((key) => key.endsWith(CONSOLE_EXHIBIT)), String(read));
    assert.deepEqual(ACCESS.console.publishes, ['requests']);
  });

  it('finds permissions that a stack of processes used without a grant', () => {
    const { world } = decisionKit();
    world.compute.state.calls.length = 0;
    for (const actor of ['firebreak-contain', 'firebreak-decide', 'anyone'])
      world.compute.state.calls.push({
        at: 0,
        actor,
        method: 'm',
        permissions: ['compute.instances.setTags'],
        status: 200,
      });
    assert.deepEqual(ungranted({ world }), ['compute.instances.setTags by firebreak-decide']);
  });

  it('lists the rights of every function, each right once', () => {
    for (const name of FUNCTIONS) {
      assert.deepEqual(ofItsOwn(name).toSorted(), granted(name), name);
    }
  });
});
