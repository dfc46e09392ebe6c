import type { Decision } from '../model/decision.ts';
import { SEVERITIES, type Severity } from '../model/ids.ts';
import type { PodSubject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { timeOf } from '../model/time.ts';
import { COLUMNS } from './assess.ts';
import { openIncident, openingAfter } from './correlate.ts';
import { decideTier, type Rules } from './decide-tier.ts';

/** The place for which a matrix is computed: a pod of this namespace, on this cluster. */
export type At = { project: string; cluster?: string; namespace: string };

const NOBODY = 'any';

const podIn = (namespace: string, at: string): PodSubject => ({
  kind: 'pod',
  uid: NOBODY,
  namespace,
  namespaceUid: NOBODY,
  name: NOBODY,
  createdAt: at,
  owners: [{ apiVersion: 'v1', kind: 'Any', name: NOBODY, uid: NOBODY }],
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: at,
});

const decided = (
  rules: Rules,
  { project, cluster, namespace }: At,
  severity: Severity,
  confidence: number,
  now: number,
) => {
  const at = timeOf(now);
  const target: Target = {
    project,
    namespace,
    pod: NOBODY,
    ...(cluster === undefined ? {} : { location: NOBODY, cluster }),
  };
  const place = { id: NOBODY, key: NOBODY, episode: 1 };
  const opening = {
    ...openingAfter(undefined, place, target, at, rules.policy.minutes),
    subjects: [podIn(namespace, at)],
  };
  const seen = { rule: NOBODY, severity, confidence, family: 'exec', conclusive: true, finding: NOBODY } as const;
  return decideTier(
    rules,
    { ...openIncident(opening, now), severity, confidence, summary: { count: 1, maxima: [seen], principals: [] } },
    now,
  );
};

/**
 * The decisions for one place at `now` (ms), for conclusive evidence of each severity and each column of confidence.
 * They follow from matrix, modes, protection, and the overrides and suppressions whose conditions test only the place.
 */
export const matrixInForce = (rules: Rules, at: At, now: number): Array<{ severity: Severity; cells: Decision[] }> =>
  SEVERITIES.map((severity) => ({
    severity,
    cells: COLUMNS.map((confidence) => decided(rules, at, severity, confidence, now)),
  }));
