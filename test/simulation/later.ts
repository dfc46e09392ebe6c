import { SHOP } from '../../local/world/seed.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { DEEDS, type Victim } from './deeds.ts';
import * as operators from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

const FIRST_MS = 5_000;
const LAST_MS = 300_000;
const MINUTE_MS = 60_000;
const MUCH_LATER_MS = 150 * MINUTE_MS;

/** Somebody deploys a policy that allows less while incidents are under way, and usually takes it back. */
const tighten = async (stage: Stage, chance: Chance): Promise<void> => {
  const isDry = chance.happens(0.5);
  const most: Tier = isDry ? 'delete-host' : 'snapshot';
  const { policy } = stage;
  const everywhere = { namespace: '*', tier: most };
  const less = isDry ? { ...policy, mode: 'dry-run' as const } : { ...policy, protected: [everywhere] };
  stage.deploy(less, { most, dry: isDry });
  if (chance.happens(0.4)) return;
  await stage.clock.sleep(chance.between(MINUTE_MS, 40 * MINUTE_MS));
  stage.deploy(policy, { most: 'delete-host', dry: false });
};

/** Somebody halts everything, deploys a policy that allows less, and resumes long after the policy is in force. */
const tightenUnderHalt = async (stage: Stage, chance: Chance): Promise<void> => {
  await operators.ask(stage, chance, { action: 'halt' });
  await stage.clock.sleep(chance.between(5_000, 30_000));
  stage.deploy(
    { ...stage.policy, protected: [{ namespace: '*', tier: 'snapshot' }] },
    { most: 'snapshot', dry: false },
  );
  await stage.clock.sleep(chance.between(13 * MINUTE_MS, 25 * MINUTE_MS));
  await operators.ask(stage, chance, { action: 'resume' });
};

/** Somebody requests a deletion long after the evidence was kept. */
const deleteLater = async (stage: Stage, chance: Chance, victim: Victim): Promise<void> => {
  await operators.ask(stage, chance, {
    action: 'contain',
    tier: chance.pick(['delete-workload', 'delete-host'] as const),
    target: { ...SHOP, namespace: victim.namespace, pod: victim.name },
  });
};

/** A clean-up job or an attacker deletes every snapshot. */
const dropSnapshots = async (stage: Stage): Promise<void> => {
  stage.world.settle();
  stage.world.compute.state.snapshots.clear();
};

type Late = { what: string; within: [number, number]; share: number; happen: Event['happen'] };

/**
 * Events that some plays have besides their story, each with its own probability: a policy that allows less, and
 * actions hours later.
 */
export const laterOf = (victims: readonly Victim[], chance: Chance): Event[] => {
  const deed = (name: string, stage: Stage): Promise<void> => {
    const known = DEEDS[name];
    if (known === undefined) throw new Error(`no deed ${name}`);
    return known(stage, chance, chance.pick(victims), 1000);
  };
  const late: Late[] = [
    { what: 'tighten', within: [FIRST_MS, LAST_MS], share: 0.2, happen: (s) => tighten(s, chance) },
    {
      what: 'tighten under halt',
      within: [FIRST_MS, LAST_MS],
      share: 0.05,
      happen: (s) => tightenUnderHalt(s, chance),
    },
    { what: 'drop snapshots', within: [LAST_MS, MUCH_LATER_MS], share: 0.03, happen: dropSnapshots },
    {
      what: 'delete later',
      within: [LAST_MS, MUCH_LATER_MS],
      share: 0.04,
      happen: (s) => deleteLater(s, chance, chance.pick(victims)),
    },
    { what: 'close', within: [LAST_MS, MUCH_LATER_MS], share: 0.04, happen: (s) => deed('close', s) },
    { what: 'release', within: [LAST_MS, MUCH_LATER_MS], share: 0.06, happen: (s) => deed('release', s) },
    { what: 'contain', within: [LAST_MS, MUCH_LATER_MS], share: 0.04, happen: (s) => deed('contain', s) },
  ];
  return late.flatMap(({ what, within: [first, last], share, happen }) =>
    chance.happens(share) ? [{ atMs: chance.between(first, last), what, happen }] : [],
  );
};
