import { type Decision, tierOf } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import { type Severity, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { type RuleClaim, refusalOf } from './claims.ts';
import { incidentIdOf, joins, keyOfPlace, openIncident, openingAfter } from './correlate.ts';
import type { Rules } from './decide-tier.ts';
import { judge } from './judge.ts';
import { mergeFinding } from './merge.ts';

/** The last decision that one incident would have got. `lines`: the lines of its findings in the record. */
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

type Simulation = {
  /** Takes the next finding, in the order of the record. Returns the reason if decide would refuse it. */
  take(finding: Finding, line: number): string | undefined;
  results(): Simulated[];
};

/** The target without its UID. The principal is part of it only if nothing else is named. */
const placeOf = ({ uid: _, principal, ...rest }: Target): Target => {
  const { pod, workload, node, instance } = rest;
  const isNamed = pod !== undefined || workload !== undefined || node !== undefined || instance !== undefined;
  return isNamed || principal === undefined ? rest : { ...rest, principal };
};

const UNKNOWN = { createdAt: timeOf(0), hostNetwork: false, hostReach: false, windows: false } as const;

/** The subjects, from names alone: node and labels of a pod are not known, and of its controllers only a named one. */
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

/** Marks a goal below `quarantine` as carried out: it leaves nothing in force, so it must not hold its episode open. */
const carriedOut = (incident: Incident): Incident => {
  const { goal } = incident;
  const lasts = tierRank(tierOf(goal) ?? 'observe') >= tierRank('quarantine');
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
    lines: [...new Set(lines)],
    from: summary.firstAt ?? window.from,
    to: summary.lastAt ?? window.from,
  };
};

/**
 * Decides on recorded findings as decide would have, one after the other, each at its own time. There is no cluster to
 * ask, so targets are distinguished by their names. Labels, host reach, and controllers that the record does not name
 * count as absent in conditions, and protection of workloads holds where the workload is not named. Has no side
 * effects.
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
    const place = { id: incidentIdOf(key, episode), key, episode };
    const opening = openingAfter(undefined, place, target, finding.at, rules.policy.minutes);
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
