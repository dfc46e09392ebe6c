import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContain } from '../../functions/contain/handler.ts';
import { makeDecide } from '../../functions/decide/handler.ts';
import { makeDetectAuditLog } from '../../functions/detect-audit-log/handler.ts';
import type { Scenario } from '../../local/scenarios/scenario.ts';
import { ROOT } from '../../scripts/steps.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { settingsUnder } from '../../shared/containment/settings-under.ts';
import { capOf } from '../../shared/decision/cap.ts';
import { readPolicy } from '../../shared/decision/policy.ts';
import { makeDetector } from '../../shared/detection/detector.ts';
import { RULES } from '../../shared/detection/registry.ts';
import type { Handler } from '../../shared/serve.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { containmentKit, type Kit, SETTINGS } from './containment.ts';
import { DECIDE, envelopeOf } from './decision.ts';
import { worldClusters } from './world-clusters.ts';
import { worldCompute } from './world-compute.ts';

/** More messages than any story leads to: a story that never ends is a fault. */
const MOST_MESSAGES = 200;

/**
 * Plays the audit log entries of a scenario through detection, decision and containment, in memory and by a clock that
 * moves by itself: under the shipped policy, until nothing is published any more. The same each time, letter for
 * letter.
 */
export const played = async (scenario: Scenario): Promise<Kit> => {
  const kit = containmentKit();
  const { clock, world, published } = kit;
  const { policy, hash } = readPolicy(readFileSync(join(ROOT, 'config', 'policy.yaml'), 'utf8'));
  const { bus, stores, log } = kit.ports;
  const memory = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const handlers: Readonly<Partial<Record<string, Handler>>> = {
    'audit-log': makeDetectAuditLog({ bus, clock, log, memory, detector: makeDetector() }),
    findings: makeDecide({
      ...{ bus, clock, log, stores, policy, policyHash: hash },
      clusters: worldClusters(world, DECIDE),
      compute: worldCompute(world.compute, DECIDE),
      rules: new Map(RULES.map((rule) => [rule.id, rule])),
    }),
    containment: makeContain({
      ...kit.ports,
      settings: settingsUnder(policy, SETTINGS),
      budgets: policy.budgets,
      capOf: (incident) => capOf(policy, incident, clock.now()),
    }),
  };
  for (const { topic, body } of scenario.events(world, clock.now()))
    if (topic === 'audit-log') published.push({ topic, body });
  for (let next = 0; next < published.length; next += 1) {
    if (next >= MOST_MESSAGES) throw new Error(`${scenario.id} has not ended after ${MOST_MESSAGES} messages`);
    const message = published[next];
    const handler = message === undefined ? undefined : handlers[message.topic];
    if (message === undefined || handler === undefined) continue;
    const body: unknown = JSON.parse(JSON.stringify(message.body));
    await clock.drive(handler(envelopeOf(message.topic, `m-${next}`, body, clock.now()), () => {}));
  }
  return kit;
};
