import { labelIn } from '../kubernetes/label-selector.ts';
import { severityRank, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject } from '../model/subject.ts';
import { assess } from './assess.ts';
import { evaluateCondition, type Facts } from './expression.ts';
import { fitsGlob, matchesGlob } from './glob.ts';
import type { Policy } from './policy.ts';
import type { Condition } from './policy-parts.ts';
import { matchesWorkload, type Place, placesOf, withoutClaim } from './protection.ts';
import { hostIdsOf, podsOf } from './step-subjects.ts';

/** What a condition is evaluated against: an incident, and the tier that the matrix chose for its evidence. */
export type Circumstances = { incident: Incident; tier: Tier };

/** Whether a condition holds. `problem`: why its expression could not be evaluated; then it does not hold. */
type Met = { holds: boolean; problem?: string };

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** For what lowers a tier, an owner counts only if it was read. */
const placesFor = (incident: Incident, how: 'some' | 'every'): Place[] =>
  how === 'some' ? placesOf(incident) : placesOf(incident).map(withoutClaim);

/**
 * The facts that CEL conditions can use. Lists are sorted, so that the order of findings has no influence. `how` as for
 * `meets`.
 */
export const factsOf = ({ incident, tier }: Circumstances, how: 'some' | 'every'): Facts => {
  const { summary, target, severity, confidence } = incident;
  const places = placesFor(incident, how);
  return {
    severity: severity === null ? -1 : severityRank(severity),
    confidence: confidence ?? 0,
    tier: tierRank(tier),
    conclusive: summary.maxima.some((m) => m.conclusive),
    findings: summary.count,
    families: sorted(summary.maxima.map((m) => m.family)),
    rules: sorted(summary.maxima.map((m) => m.rule)),
    principals: sorted(summary.principals),
    project: target.project,
    location: target.location ?? '',
    cluster: target.cluster ?? '',
    namespaces: sorted(places.flatMap(({ namespace }) => namespace ?? [])),
    workloads: sorted(places.flatMap(({ workloads }) => workloads)),
    pods: podsOf(incident).length,
    nodes: hostIdsOf(incident).size,
    hostReach: podsOf(incident).some((pod) => pod.hostReach),
  };
};

const inPlace = (when: Condition, place: Place): boolean =>
  fitsGlob(when.namespace, place.namespace) && (when.workload === undefined || matchesWorkload(when.workload, place));

const labelled = (labels: Record<string, string>, pod: PodSubject): boolean =>
  Object.entries(labels).every(([key, glob]) => fitsGlob(glob, labelIn(pod.labels ?? {}, key)));

/**
 * Whether a condition holds. `some`, for what raises a tier or adds steps: one matching pod, place or finding is
 * enough. `every`, for what lowers a tier: all of them must match, so that noise cannot shield an attacker.
 */
export const meets = (when: Condition, circumstances: Circumstances, how: 'some' | 'every'): Met => {
  const { incident, tier } = circumstances;
  const pods = podsOf(incident);
  const among = <T>(all: readonly T[], is: (one: T) => boolean): boolean =>
    how === 'some' ? all.some(is) : all.length > 0 && all.every(is);
  const { rule, labels } = when;
  const holds =
    fitsGlob(when.project, incident.target.project) &&
    fitsGlob(when.cluster, incident.target.cluster) &&
    ((when.namespace === undefined && when.workload === undefined) ||
      among(placesFor(incident, how), (place) => inPlace(when, place))) &&
    (rule === undefined || among(incident.summary.maxima, (m) => matchesGlob(rule, m.rule))) &&
    (labels === undefined || among(pods, (pod) => labelled(labels, pod))) &&
    (when.hostReach === undefined || when.hostReach === pods.some((pod) => pod.hostReach)) &&
    (when.atLeast === undefined || tierRank(tier) >= tierRank(when.atLeast));
  return !holds || when.cel === undefined ? { holds } : evaluateCondition(when.cel, factsOf(circumstances, how));
};

/** The circumstances of an incident as its evidence stands, scored by the policy's matrix. */
export const circumstancesOf = ({ matrix }: Pick<Policy, 'matrix'>, incident: Incident): Circumstances => {
  const { severity, confidence, tier } = assess(matrix, incident.summary.maxima);
  return { incident: { ...incident, severity, confidence }, tier };
};

/** The label keys that any condition tests. Subjects must store the values of these labels. */
export const labelKeysOf = (policy: Pick<Policy, 'overrides' | 'suppressions' | 'stopFirst' | 'options'>): string[] => {
  const all = [policy.overrides, policy.suppressions, policy.stopFirst, policy.options].flat();
  return [...new Set(all.flatMap(({ when }) => Object.keys(when.labels ?? {})))];
};
