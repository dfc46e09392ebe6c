import { SHOP } from '../../local/world/seed.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { DEEDS, type Victim } from './deeds.ts';
import * as operators from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

/** Units of the moments of a course. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
/** After the end of trouble: what comes of denials alone. */
export const AFTER_TROUBLE_MS = 430_000;
/** Longer than anything waits for a denial. */
const LONG_MS = 15 * MINUTE_MS;
/** What rights can be taken away: those on Compute Engine, or those on clusters. */
export const RIGHTS = [/^compute\b/, /^clusters\b/] as const;

/** What a play is called in which something is contained again: at its end everything is released. */
export const AGAIN = 'contain again';

/** A deed of the story, by its name. */
export const deed = (name: string, stage: Stage, chance: Chance, victim: Victim, n: number): Promise<void> => {
  const known = DEEDS[name];
  if (known === undefined) throw new Error(`no deed ${name}`);
  return known(stage, chance, victim, n);
};

/** Somebody names a pod to be contained, now and then with options. */
export const contain = async (
  stage: Stage,
  chance: Chance,
  victim: Victim,
  tier: Tier,
  stopFirst: boolean,
): Promise<void> => {
  await operators.ask(stage, chance, {
    action: 'contain',
    tier,
    target: { ...SHOP, namespace: victim.namespace, pod: victim.name },
    ...(stopFirst ? { stopFirst } : {}),
    ...(chance.happens(0.1) ? { forensics: true } : {}),
    ...(chance.happens(0.1) ? { sandbox: true } : {}),
    ...(chance.happens(0.1) ? { drain: true } : {}),
  });
};

/** The newest incident that holds a pod. */
const newestOf = async (stage: Stage, { uid }: Pick<Victim, 'uid'>): Promise<string | undefined> => {
  const { items } = await stage.ports.stores.incidents.list({});
  const holding = items.filter((i) => i.subjects.some((s) => s.uid === uid));
  return holding.toSorted((a, b) => b.episode - a.episode)[0]?.id;
};

/** Releases or closes the newest incident that holds a pod. */
export const end = async (stage: Stage, chance: Chance, victim: Victim, action: 'release' | 'close'): Promise<void> => {
  const incident = await newestOf(stage, victim);
  if (incident !== undefined) await operators.ask(stage, chance, { action, incident });
};

/** Somebody names the newest incident that holds a pod, and so all that it holds. */
export const containAll = async (stage: Stage, chance: Chance, victim: Victim, tier: Tier): Promise<void> => {
  const incident = await newestOf(stage, victim);
  if (incident !== undefined) await operators.ask(stage, chance, { action: 'contain', tier, incident });
};

/** Somebody takes rights of contain away, on Compute Engine or on clusters, and gives them back. */
export const withoutRights = (from: number, to: number, withheld: RegExp): Event[] => [
  {
    atMs: from,
    what: 'rights are taken away',
    happen: async ({ rights }) =>
      void Object.assign(rights, { withheld, ...(to - from > LONG_MS ? { long: true } : {}) }),
  },
  {
    atMs: to,
    what: 'rights are given back',
    happen: async ({ rights }) => void Object.assign(rights, { withheld: undefined }),
  },
];

/** The parts of a play that come besides its story: `victims` are those of the story, `all` are all pods there are. */
export type Given = { chance: Chance; victims: readonly Victim[]; all: readonly Victim[] };

/** Tiers that delete. */
export const DELETING: readonly Tier[] = ['redeploy', 'delete-workload', 'delete-host'];

/** The other pods of a pod's workload. */
export const siblingsOf = ({ namespace, name }: Victim, all: readonly Victim[]): Victim[] => {
  const [app = ''] = name.split('-');
  return all.filter((one) => one.namespace === namespace && one.name.startsWith(app) && one.name !== name);
};
