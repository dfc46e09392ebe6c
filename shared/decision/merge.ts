import { MAX_PRINCIPAL } from '../kubernetes/names.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident, Maximum, Summary } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { earliest, msOf, timeOf } from '../model/time.ts';
import { plain } from '../text.ts';
import { eventTime, later, windowWith } from './correlate.ts';
import { byText, findingsWith, groupOf } from './exemplars.ts';
import { followedHost } from './followed-host.ts';
import { namesOf } from './grant.ts';
import { maximaWith } from './maxima.ts';
import { nodesUntilOf } from './placed.ts';
import type { Policy } from './policy.ts';
import { hasRoom } from './room.ts';
import { isOnlyReplayed } from './suspects.ts';

const PRINCIPALS = 20;

/** The shortened finding that an incident shows, with notes from resolving its target. Its own record has the whole. */
const shown = (f: Finding, notes: readonly string[]): Finding => ({
  ...f,
  because: [...f.because.slice(0, 5), ...notes.slice(0, 3)].map((line) => plain(line, 300)),
});

const summaryWith = (summary: Summary, f: Finding, { fresh, replayed, now }: Merging): Summary => {
  const at = eventTime(f.at, now);
  const first = earliest(summary.firstAt, at);
  const named = [f.principal, f.target.principal].filter((p) => p !== undefined).map((p) => plain(p, MAX_PRINCIPAL));
  return {
    count: summary.count + (fresh ? 1 : 0),
    maxima: maximaWith(summary.maxima, f, replayed === true),
    ...(first === undefined ? {} : { firstAt: first }),
    lastAt: later(at, summary.lastAt ?? at),
    principals: [...new Set([...summary.principals, ...named])].toSorted(byText).slice(0, PRINCIPALS),
  };
};

/** A known subject, seen again: no longer one that only replayed findings are about, if a live one is. */
const fuller = (known: Subject, next: Subject): Subject => {
  if (known.kind === 'node' || !isOnlyReplayed(known) || isOnlyReplayed(next)) return learnt(known, next);
  const { replayed: _, ...live } = known;
  return learnt(live, next);
};

const learnt = (known: Subject, next: Subject): Subject => {
  if (known.kind !== 'pod' || next.kind !== 'pod') return known;
  // A quarantine takes the pod out of its controller, which then no longer owns it. Its controllers stay those it had.
  const { owners, ownersUnread } = known.owners.length > next.owners.length ? known : next;
  const hosts = followedHost(known, next);
  // A node may have been assigned or its VM made again since, or a controller may have become readable.
  const learned = hosts.host?.id !== known.host?.id || (known.ownersUnread !== undefined && ownersUnread === undefined);
  const suspected = known.cpuOnly === true && next.cpuOnly !== true;
  if (!learned && !suspected) return known;
  const { ownersUnread: _, host: ____, ...read } = next;
  const chain = { owners, ...(ownersUnread === undefined ? {} : { ownersUnread }) };
  const { cpuOnly: __, replayed: ___, ...rest } = learned ? { ...read, ...hosts, ...chain } : known;
  return {
    ...rest,
    addedAt: known.addedAt,
    ...(known.cpuOnly === true && !suspected ? { cpuOnly: true } : {}),
    ...(known.replayed === true ? { replayed: true } : {}),
  };
};

/** The subjects of both lists, each once, in the order of their UIDs. Held ones stay; the total is limited. */
export const subjectsWith = (held: Subject[], more: Subject[]): Subject[] => {
  const all = new Map(held.map((s) => [s.uid, s]));
  for (const s of more) {
    const known = all.get(s.uid);
    if (known !== undefined) all.set(s.uid, fuller(known, s));
    else if (hasRoom([...all.values()], s)) all.set(s.uid, s);
  }
  const next = [...all.values()];
  return next.length === held.length && next.every((s, n) => s === held[n])
    ? held
    : next.toSorted((a, b) => byText(a.uid, b.uid));
};

/** What a full incident could not take in, in a sentence for people: nothing is done to these, whatever its tier. */
export const leftOut = ({ subjects }: Pick<Incident, 'subjects'>, more: readonly Subject[]): string[] => {
  const left = more.filter(({ uid }) => subjects.every((s) => s.uid !== uid));
  return left.length === 0
    ? []
    : [
        `${namesOf(left)}: nothing is done here, since this incident holds ${subjects.length} already; contain its node, or delete it by hand`,
      ];
};

/** Pods that a named workload creates within this time join its incident. */
const LATER_PODS_MS = 2 * 60_000;

/**
 * The incident with more subjects. If one is a new workload, the pods that it creates soon are awaited. If one is a new
 * pod without a node, so is its node.
 */
export const withSubjects = (incident: Incident, more: Subject[], now: number): Incident => {
  const subjects = subjectsWith(incident.subjects, more);
  const known = new Set(incident.subjects.map((s) => s.uid));
  const named = more.some((s) => s.kind === 'workload' && !known.has(s.uid));
  const { nodesUntil: _, ...rest } = incident;
  const nodesUntil = nodesUntilOf(incident, subjects, now);
  return {
    ...rest,
    subjects,
    ...(named ? { podsUntil: timeOf(now + LATER_PODS_MS) } : {}),
    ...(nodesUntil === undefined ? {} : { nodesUntil }),
  };
};

export type Merging = {
  finding: Finding;
  subjects: Subject[];
  notes: readonly string[];
  fresh: boolean;
  /** The finding comes from a replayed dead letter. */
  replayed?: boolean;
  now: number;
};

/**
 * An incident with one more finding. `fresh`: the finding was not merged before, so it is counted. Everything else
 * consists of maxima and unions, so merging a finding again, or in another order, gives the same result.
 */
export const mergeFinding = (incident: Incident, merging: Merging, policy: Policy): Incident => {
  const { finding, subjects, notes, now } = merging;
  const summary = summaryWith(incident.summary, finding, merging);
  const first = incident.summary.lastAt === undefined;
  const held = withSubjects(incident, subjects, now);
  return {
    ...held,
    findings: findingsWith(incident, shown(finding, [...leftOut(held, subjects), ...notes]), summary),
    summary,
    window: windowWith(first ? undefined : incident.window, eventTime(finding.at, now), policy.minutes),
  };
};

/** The last finding in the incident's document may be this much older than the last finding record. */
export const UNWRITTEN_MS = 5 * 60_000;

const moved = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined ? a !== b : Math.abs(msOf(a) - msOf(b)) >= UNWRITTEN_MS;

const sameMaxima = (a: Maximum[], b: Maximum[]): boolean =>
  a.length === b.length &&
  a.every((m, n) => {
    const other = b[n];
    return (
      other !== undefined &&
      groupOf(m) === groupOf(other) &&
      m.confidence === other.confidence &&
      m.conclusive === other.conclusive
    );
  });

/**
 * Whether a merged finding brought enough news to write the document: evidence of a new rule, severity or confidence,
 * new subjects, or times five minutes away from those written. So a storm of the same finding causes few writes.
 */
export const taughtSomething = (before: Incident, after: Incident): boolean =>
  !sameMaxima(before.summary.maxima, after.summary.maxima) ||
  before.subjects !== after.subjects ||
  moved(before.summary.lastAt, after.summary.lastAt) ||
  moved(before.window.from, after.window.from);

/**
 * Whether an incident already contains a finding: it shows the finding, or merging it would bring no news. Not every
 * merged finding is shown, and the incident does not say whether it was replayed, so both possibilities are tried.
 */
export const bears = (incident: Incident, merging: Merging, policy: Policy): boolean =>
  incident.findings.some(({ id }) => id === merging.finding.id) ||
  [false, true].some(
    (replayed) => !taughtSomething(incident, mergeFinding(incident, { ...merging, replayed }, policy)),
  );
