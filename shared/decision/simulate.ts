import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import { type Severity, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { type RuleClaim, refusalOf } from './claims.ts';
import { incidentIdOf, joins, keyOfPlace, openIncident, windowWith } from './correlate.ts';
import type { Rules } from './decide-tier.ts';
import { judge } from './judge.ts';
import { mergeFinding } from './merge.ts';

/** What would have been decided on one incident, in the end; `lines`: those of the findings that it was made of. */
export type Simulated = {
  incident: string;
  target: Target;
  severity: Severity | null;
  confidence: number | null;
  verdict: Decision['verdict'];
  tier: Tier;
  asked?: Tier;
  because: string[];
  rules: string[];
  lines: number[];
  from: Time;
  to: Time;
};

export type Simulation = {
  /** Takes the next finding, in the order of the record. The sentence of a finding that decide would refuse. */
  take(finding: Finding, line: number): string | undefined;
  results(): Simulated[];
};

/** The target as far as its names say what it is: whoever did it is told apart only where there is nothing else. */
const placeOf = ({ uid: _, principal, ...rest }: Target): Target => {
  const { pod, workload, node, instance } = rest;
  const isNamed = pod !== undefined || workload !== undefined || node !== undefined || instance !== undefined;
  return isNamed || principal === undefined ? rest : { ...rest, principal };
};

const UNKNOWN = { createdAt: timeOf(0), hostNetwork: false, hostReach: false, windows: false } as const;

/** What could be acted on, from names alone: a pod's controllers, node and labels are not known. */
const subjectsOf = ({ cluster, namespace, pod, workload, node, instance }: Target, addedAt: Time): Subject[] => {
  if (cluster === undefined) return [];
  if (pod !== undefined || workload !== undefined) {
    const name = pod ?? workload?.name ?? '';
    const top = workload === undefined ? [] : [{ apiVersion: '', ...workload, uid: workload.name }];
    const unread = workload === undefined ? { ownersUnread: 'only its name is known' } : {};
    const uid = `${namespace ?? ''}/${name}`;
    return [
      {
        kind: 'pod',
        uid,
        namespace: namespace ?? '',
        namespaceUid: namespace ?? '',
        name,
        owners: top,
        ...unread,
        ...UNKNOWN,
        addedAt,
      },
    ];
  }
  const machine = node ?? instance;
  return machine === undefined
    ? []
    : [{ kind: 'node', uid: machine, host: { id: machine, node: machine, nodeUid: machine }, addedAt }];
};

type Episode = { incident: Incident; lines: number[] };

/** A goal below `quarantine` leaves nothing in force, so that it does not hold its episode open. */
const carriedOut = (incident: Incident): Incident => {
  const { goal } = incident;
  const lasts =
    goal !== null &&
    goal.tier !== 'released' &&
    goal.tier !== 'closed' &&
    tierRank(goal.tier) >= tierRank('quarantine');
  return lasts || goal === null ? incident : { ...incident, run: { rev: goal.rev } };
};

const resultOf = ({ incident, lines }: Episode): Simulated => {
  const { decision, summary, window } = incident;
  return {
    incident: incident.id,
    target: incident.target,
    severity: incident.severity,
    confidence: incident.confidence,
    verdict: decision?.verdict ?? 'act',
    tier: decision?.tier ?? 'observe',
    ...(decision?.asked === undefined ? {} : { asked: decision.asked.tier }),
    because: decision?.because ?? [],
    rules: [...new Set(summary.maxima.map((m) => m.rule))],
    lines,
    from: summary.firstAt ?? window.from,
    to: summary.lastAt ?? window.from,
  };
};

/**
 * Decides on recorded findings as decide would have, one after the other, each at its own time. Targets are told apart
 * by their names, since there is no cluster to ask: what the policy says of labels, host reach, and controllers that the
 * record does not name counts as not holding, and protection of workloads as holding. Nothing outside is touched.
 */
export const simulate = (rules: Rules, claims: ReadonlyMap<string, RuleClaim>): Simulation => {
  const newest = new Map<string, Episode>();
  const all: Episode[] = [];
  let clock = 0;

  const episodeOf = (finding: Finding, target: Target, now: number): Episode => {
    const key = keyOfPlace(target);
    const known = newest.get(key);
    if (known !== undefined && joins(known.incident, finding.at)) return known;
    const episode = (known?.incident.episode ?? 0) + 1;
    const window = windowWith(undefined, finding.at, rules.policy.minutes);
    const opening = {
      id: incidentIdOf(key, episode),
      key,
      episode,
      target,
      subjects: [],
      window,
      cooldownUntil: undefined,
    };
    const opened: Episode = { incident: openIncident(opening, now), lines: [] };
    newest.set(key, opened);
    all.push(opened);
    return opened;
  };

  return {
    take: (finding, line) => {
      const refused = refusalOf(finding, claims, rules.policy);
      if (refused !== undefined) return refused;
      clock = Math.max(clock, msOf(finding.at));
      const target = placeOf(finding.target);
      const episode = episodeOf(finding, target, clock);
      const { incident, lines } = episode;
      const before = lines.length === 0 ? null : incident;
      const merging = { finding, subjects: subjectsOf(target, finding.at), notes: [], fresh: true, now: clock };
      const merged = mergeFinding(incident, merging, rules.policy);
      episode.incident = {
        ...carriedOut(judge(rules, { before, merged, fresh: true, evidence: [] }, clock)),
        outbox: [],
      };
      lines.push(line);
      return undefined;
    },
    results: () => all.map(resultOf),
  };
};
