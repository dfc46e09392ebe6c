import { setTimeout as sleep } from 'node:timers/promises';
import { Conflict, Transient } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { openStores } from '../../shared/store/incidents.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from './decision.ts';

/**
 * The cost of a storm for a database: successful writes, conflicts with other writers, and writes that it could not
 * take.
 */
export type Cost = { written: number; conflicts: number; busy: number; deliveries: number; ms: number };

const counting = (raw: RawStore, cost: Cost): RawStore => ({
  ...raw,
  put: async (...args) => {
    try {
      await raw.put(...args);
      cost.written += 1;
    } catch (thrown) {
      if (thrown instanceof Conflict) cost.conflicts += 1;
      if (thrown instanceof Transient) cost.busy += 1;
      throw thrown;
    }
  },
});

/** Delivers a finding until it is acknowledged, as the bus does, but with shorter pauses. */
const deliver = async (kit: Kit, finding: Finding, cost: Cost): Promise<void> => {
  for (let attempt = 0; ; attempt += 1) {
    cost.deliveries += 1;
    try {
      return await kit.decide(finding);
    } catch (thrown) {
      if (!(thrown instanceof Transient)) throw thrown;
      await sleep(50 * 2 ** Math.min(attempt, 5) * (0.5 + Math.random()));
    }
  }
};

/**
 * Findings on one target, all at once. `alike`: all say the same; otherwise nearly each adds something to the incident.
 */
export const storm = async (raw: RawStore, count: number, alike: boolean): Promise<{ kit: Kit; cost: Cost }> => {
  const kit = decisionKit();
  const cost: Cost = { written: 0, conflicts: 0, busy: 0, deliveries: 0, ms: 0 };
  kit.ports.stores = openStores({ raw: counting(raw, cost), clock: kit.clock });
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  const severities = ['low', 'medium', 'high', 'critical'] as const;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const severity = severities[n % 4] ?? 'low';
      const taught = { severity, confidence: 0.1 + (n / count) * 0.8, rule: n % 2 === 0 ? 'exec-shell' : 'exec-miner' };
      return deliver(kit, findingOn(kit, target, alike ? {} : taught), cost);
    }),
  );
  return { kit, cost: { ...cost, ms: Math.round(performance.now() - began) } };
};
