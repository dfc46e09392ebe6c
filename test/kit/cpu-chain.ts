import { strict as assert } from 'node:assert';
import { makeDecide } from '../../functions/decide/handler.ts';
import { makeDetectCryptomining } from '../../functions/detect-cryptomining/handler.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { type CpuIncident, cpuIncident, type Monitored } from '../../local/scenarios/monitoring-incident.ts';
import { SHOP } from '../../local/world/seed.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { evaluate } from '../../shared/detection/evaluate.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { record } from '../../shared/kubernetes/loose.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { timeOf } from '../../shared/model/time.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { decisionKit, envelopeOf, type Kit } from './decision.ts';
import { worldClusters } from './world-clusters.ts';
import { worldMetrics } from './world-metrics.ts';

/** The identity of the detector. */
export const DETECTOR = 'firebreak-detect-cryptomining';

export type Chain = {
  kit: Kit;
  /** Sends a CPU notification through detect-cryptomining and decide. */
  notify(of: Partial<CpuIncident> & { on: Monitored }, over?: Record<string, unknown>): Promise<void>;
  /** Sends the audit entry of a command in a pod, a miner by default. */
  exec(pod: KubeObject, command?: string): Promise<void>;
};

/**
 * The functions from a notification to an incident, with the real rules, over a played cluster. With `looking` the
 * detector reads the cluster's metrics and pods.
 */
export const chainOf = ({ looking = false } = {}): Chain => {
  const kit = decisionKit();
  const { clock, log } = kit.ports;
  const decide = makeDecide({ ...kit.ports, rules: new Map(RULES.map((rule) => [rule.id, rule])) });
  const memory = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const publish = async (_topic: string, body: unknown): Promise<string> => {
    await decide(envelopeOf('findings', 'f', body, clock.now()));
    return 'f';
  };
  const around = {
    metrics: worldMetrics(kit.world.monitoring, DETECTOR, clock.now),
    clusters: worldClusters(kit.world, DETECTOR),
  };
  const detect = makeDetectCryptomining({ bus: { publish }, clock, log, memory, ...(looking ? around : {}) });
  let count = 0;
  return {
    kit,
    notify: async (of, over = {}) => {
      count += 1;
      const whole = cpuIncident({ id: `0.alert-${count}`, cluster: SHOP, startedAt: clock.now(), ...of });
      const incident = { ...record(whole.incident), ...over };
      await detect(envelopeOf('cpu', `m-${count}`, { ...whole, incident }, clock.now()));
    },
    exec: async ({ metadata: { name, namespace } }, command = '/tmp/xmrig -o pool.example.com:3333') => {
      const parts = { verb: 'create', resource: 'pods', subresource: 'exec', namespace, name, command };
      const { signal } = readPayload(auditEntry({ ...SHOP, ...parts, at: timeOf(clock.now()) }), { now: clock.now() });
      assert.ok(signal !== undefined);
      for (const finding of evaluate(signal, clock.now())) await publish('findings', finding);
    },
  };
};

/** The container of a pod of the shop's cart, as Cloud Monitoring names it. */
export const onPod = ({ metadata: { name, namespace = '' } }: KubeObject): Monitored => ({
  kind: 'pod',
  namespace,
  pod: name,
  container: 'cart',
});
/** The name of a pod's node. */
export const nodeOf = (pod: KubeObject): string => String(pod.spec?.nodeName);
