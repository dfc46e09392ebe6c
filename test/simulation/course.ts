import { SHOP } from '../../local/world/seed.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Chance } from './chance.ts';
import { DEEDS, type Victim } from './deeds.ts';
import * as operators from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

/** Units for the times of events in a course. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
/** After the end of all random trouble: from then on only the denials of the course itself disturb a play. */
export const AFTER_TROUBLE_MS = 430_000;
/** Longer than anything waits for a denial. */
const LONG_MS = 15 * MINUTE_MS;
/** The calls that a loss of rights denies: those to Compute Engine, or those to clusters. */
export const RIGHTS = [/^compute\b/, /^clusters\b/] as const;

/** The name of an event that contains a pod again. A play with such an event ends with a release of every incident. */
export const AGAIN = 'contain again';

/** Runs a deed of the story, given by its name. */
export const deed = (name: string, stage: Stage, chance: Chance, victim: Victim, n: number): Promise<void> => {
  const known = DEEDS[name];
  if (known === undefined) throw new Error(`no deed ${name}`);
  return known(stage, chance, victim, n);
};

/** An operator requests the containment of a pod, sometimes with options. */
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

/** An operator requests a tier for the newest incident that holds a pod, and so for all its subjects. */
export const containAll = async (stage: Stage, chance: Chance, victim: Victim, tier: Tier): Promise<void> => {
  const incident = await newestOf(stage, victim);
  if (incident !== undefined) await operators.ask(stage, chance, { action: 'contain', tier, incident });
};

/** The function contain loses its rights on Compute Engine or on clusters at `from`, and gets them back at `to`. */
export const withoutRights = (from: number, to: number, withheld: RegExp): Event[] => [
  {
    atMs: from,
    what: 'rights are taken away',
    happen: async ({ rights }) =>
      void Object.assign(rights, { withheld, ever: true, ...(to - from > LONG_MS ? { long: true } : {}) }),
  },
  {
    atMs: to,
    what: 'rights are given back',
    happen: async ({ rights }) => void Object.assign(rights, { withheld: undefined }),
  },
];

/** The parameters of a course of events. `victims`: the pods that the story attacks. `all`: all pods of the shops. */
export type Given = { chance: Chance; victims: readonly Victim[]; all: readonly Victim[] };

/** Tiers that delete. */
export const DELETING: readonly Tier[] = ['redeploy', 'delete-workload', 'delete-host'];

/** The other pods of a pod's workload. */
export const siblingsOf = ({ namespace, name }: Victim, all: readonly Victim[]): Victim[] => {
  const [app = ''] = name.split('-');
  return all.filter((one) => one.namespace === namespace && one.name.startsWith(app) && one.name !== name);
};
