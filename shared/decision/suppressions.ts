import { type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { circumstancesOf, meets } from './conditions.ts';
import type { Policy } from './policy.ts';
import type { Suppression } from './policy-parts.ts';

const DAY_MS = 86_400_000;

/** Until when a suppression holds; a day holds to its end, UTC. */
export const expiresAt = ({ expires }: Pick<Suppression, 'expires'>): Time =>
  timeOf(expires.includes('T') ? msOf(expires) : msOf(expires) + DAY_MS);

/** Whether a suppression has expired at `now`, ms. */
export const isExpired = (suppression: Pick<Suppression, 'expires'>, now: number): boolean =>
  timeOf(now) >= expiresAt(suppression);

const named = ({ owner, reason }: Suppression): string => `suppression of ${owner} (${reason})`;

/**
 * The highest tier that the suppressions in force allow for an incident, and why. `notes`: suppressions whose condition
 * holds but that have expired. Suppressions only lower a tier.
 */
export const suppressionOf = (
  policy: Pick<Policy, 'suppressions' | 'matrix'>,
  incident: Incident,
  now: number,
): { tier: Tier; because?: string; notes: string[] } => {
  if (policy.suppressions.length === 0) return { tier: 'delete-host', notes: [] };
  const circumstances = circumstancesOf(policy, incident);
  const meeting = policy.suppressions.filter(({ when }) => meets(when, circumstances, 'every').holds);
  const [lowest] = meeting
    .filter((one) => !isExpired(one, now))
    .toSorted((a, b) => tierRank(a.limit) - tierRank(b.limit));
  const notes = meeting
    .filter((one) => isExpired(one, now))
    .map((one) => `the ${named(one)} expired at ${expiresAt(one)} and no longer applies`);
  return lowest === undefined
    ? { tier: 'delete-host', notes }
    : {
        tier: lowest.limit,
        because: `the ${named(lowest)} applies until ${expiresAt(lowest)}: ${lowest.limit} at most`,
        notes,
      };
};
