import { type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject } from '../model/subject.ts';
import { matchesGlob } from './glob.ts';
import type { Override, Policy } from './policy.ts';
import { matchesWorkload, type Place, placesOf } from './protection.ts';

const podsOf = (incident: Incident): PodSubject[] => incident.subjects.flatMap((s) => (s.kind === 'pod' ? [s] : []));

/** Whether a pattern, if given, matches what may not be known. */
const fits = (glob: string | undefined, name: string | undefined): boolean =>
  glob === undefined || (name !== undefined && matchesGlob(glob, name));

const inPlace = ({ when }: Override, places: Place[]): boolean =>
  (when.namespace === undefined && when.workload === undefined) ||
  places.some(
    (place) =>
      fits(when.namespace, place.namespace) && (when.workload === undefined || matchesWorkload(when.workload, place)),
  );

const labelled = (labels: Record<string, string>, pod: PodSubject): boolean =>
  Object.entries(labels).every(([key, glob]) => fits(glob, pod.labels?.[key]));

/** A `raise` by rule needs one such finding, a `limit` nothing but such findings: noise must not shield an attacker. */
const byRule = ({ when: { rule }, limit }: Override, incident: Incident): boolean => {
  if (rule === undefined) return true;
  const { maxima } = incident.summary;
  const isSuch = (m: { rule: string }): boolean => matchesGlob(rule, m.rule);
  return limit === undefined ? maxima.some(isSuch) : maxima.length > 0 && maxima.every(isSuch);
};

const holds = (override: Override, incident: Incident, tier: Tier): boolean => {
  const { when } = override;
  const pods = podsOf(incident);
  return (
    fits(when.project, incident.target.project) &&
    fits(when.cluster, incident.target.cluster) &&
    inPlace(override, placesOf(incident)) &&
    byRule(override, incident) &&
    (when.labels === undefined || pods.some((pod) => labelled(when.labels ?? {}, pod))) &&
    (when.hostReach === undefined || when.hostReach === pods.some((pod) => pod.hostReach)) &&
    (when.atLeast === undefined || tierRank(tier) >= tierRank(when.atLeast))
  );
};

/** The overrides that hold for an incident whose evidence is worth `tier`, in the policy's order. */
export const overridesOf = (policy: Pick<Policy, 'overrides'>, incident: Incident, tier: Tier): Override[] =>
  policy.overrides.filter((override) => holds(override, incident, tier));

/** The keys of labels that any override asks for: what a subject must carry. */
export const labelKeysOf = ({ overrides }: Pick<Policy, 'overrides'>): string[] => [
  ...new Set(overrides.flatMap(({ when }) => Object.keys(when.labels ?? {}))),
];
