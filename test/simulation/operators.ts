import { SHOP } from '../../local/world/seed.ts';
import type { Ask } from '../../shared/model/decision.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Chance } from './chance.ts';
import type { Deed } from './deeds.ts';
import type { Stage } from './stage.ts';

const PEOPLE = ['ana@example.com', 'bob@example.com', 'cleo@example.com'] as const;

const incidentsOf = async (stage: Stage): Promise<Incident[]> => (await stage.ports.stores.incidents.list({})).items;

/** Who makes a request: usually with a token that proves it, if the stage verifies tokens. */
const signed = (stage: Stage, chance: Chance, by: string): Record<string, unknown> => ({
  requestedBy: by,
  ...(stage.verifies && chance.happens(0.85) ? { idToken: `of ${by}` } : {}),
});

/** Publishes a request as a person would. */
export const ask = (stage: Stage, chance: Chance, body: Record<string, unknown>, by?: string): Promise<string> =>
  stage.bus.publish('requests', {
    at: timeOf(stage.clock.now()),
    reason: 'simulated',
    ...signed(stage, chance, by ?? chance.pick(PEOPLE)),
    ...body,
  });

/** The tiers that people request. Mild tiers are listed more than once, so that they are picked more often. */
const TIERS = [
  'snapshot',
  'quarantine',
  'quarantine',
  'isolate',
  'isolate',
  'isolate',
  'redeploy',
  'delete-workload',
  'delete-workload',
  'delete-host',
] as const;

export const contain: Deed = async (stage, chance, victim) => {
  await ask(stage, chance, {
    action: 'contain',
    tier: chance.pick(TIERS),
    target: { ...SHOP, namespace: victim.namespace, pod: victim.name },
    ...(chance.happens(0.1) ? { stopFirst: true } : {}),
    ...(chance.happens(0.2) ? { investigate: true } : {}),
  });
};

export const onSome =
  (action: 'release' | 'close'): Deed =>
  async (stage, chance) => {
    const known = await incidentsOf(stage);
    if (known.length > 0) await ask(stage, chance, { action, incident: chance.pick(known).id });
  };

const LOOKS = 20;
const LOOK_MS = 10_000;

/**
 * Somebody looks for an open ask and answers it, sometimes as the operator who asked and sometimes with a stale plan.
 */
export const answer =
  (action: 'approve' | 'reject', isOne: (asked: Ask) => boolean = () => true): Deed =>
  async (stage, chance) => {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const asking = (await incidentsOf(stage)).filter(
        ({ decision }) => decision?.asked !== undefined && isOne(decision.asked),
      );
      if (asking.length > 0) {
        const { id, decision } = chance.pick(asking);
        const plan = chance.happens(0.1) ? 'abcdef12' : decision?.asked?.plan;
        const by = chance.happens(0.3) ? decision?.asked?.by : undefined;
        await ask(stage, chance, { action, incident: id, plan }, by);
        return;
      }
      await stage.clock.sleep(LOOK_MS);
    }
  };

export const halt: Deed = async (stage, chance) => {
  const before = timeOf(stage.clock.now());
  await stage.clock.sleep(1_000);
  await ask(stage, chance, { action: 'halt' });
  // A resume that was requested before this halt and arrives late must not lift it.
  await ask(stage, chance, { action: 'resume', at: before });
  await stage.clock.sleep(chance.between(5_000, 120_000));
  await ask(stage, chance, { action: 'resume' });
};
