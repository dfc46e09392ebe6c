import { type RuleClaim, refusalOf } from '../../shared/decision/claims.ts';
import { labelKeysOf } from '../../shared/decision/conditions.ts';
import { eventTime, isPast, openIncident, openingAfter } from '../../shared/decision/correlate.ts';
import type { Rules } from '../../shared/decision/decide-tier.ts';
import { followerOf, passedBy, previousOf } from '../../shared/decision/episode.ts';
import { type FindingRecords, rememberedFindings } from '../../shared/decision/finding-records.ts';
import { holdSubjects } from '../../shared/decision/hold.ts';
import { judge, sameJudgement } from '../../shared/decision/judge.ts';
import { bears, leftOut, type Merging, mergeFinding, taughtSomething } from '../../shared/decision/merge.ts';
import { OWN_CHANGE_RULE, ownEntryOf } from '../../shared/decision/own-change.ts';
import { underOwnId } from '../../shared/decision/own-id.ts';
import { type Place, placeAnew, placeFinding, placeOf } from '../../shared/decision/place-finding.ts';
import { makeRecentHalt } from '../../shared/decision/recent-halt.ts';
import { makeRecentReads } from '../../shared/decision/recent-reads.ts';
import { type Refused, type Resolved, resolve } from '../../shared/decision/resolve.ts';
import { writeIncident } from '../../shared/decision/write-incident.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Transient } from '../../shared/errors.ts';
import { publishDue } from '../../shared/incidents.ts';
import { makeJoined } from '../../shared/joined.ts';
import { type Finding, finding } from '../../shared/model/finding.ts';
import { severityRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { HaltRecord } from '../../shared/model/records.ts';
import type { Subject } from '../../shared/model/subject.ts';
import { msOf } from '../../shared/model/time.ts';
import type { DecidePorts } from '../../shared/ports.ts';
import { readMessage } from '../../shared/read-message.ts';
import { replayedFrom } from '../../shared/replay.ts';
import { asSaid } from '../../shared/text.ts';

/** The input of decide: its ports, the policy in force, and the most that each rule may claim. */
export type DecideOptions = DecidePorts & Rules & { rules: ReadonlyMap<string, RuleClaim> };

/** How often a finding is placed again because the episode that it was placed in has ended meanwhile. */
const TRIES = 5;

/** Marks a pod as one that only CPU use speaks against. */
const busy = (one: Subject): Subject => (one.kind === 'pod' ? { ...one, cpuOnly: true } : one);

/** Marks a pod or workload as one that only a replayed finding is about. */
const replayedOnly = (one: Subject): Subject => (one.kind === 'node' ? one : { ...one, replayed: true });

/** What a message adds to its incident, whichever episode that is. */
type Said = Omit<Merging, 'fresh' | 'now'> &
  Pick<Resolved, 'target'> & { replayed: boolean; halt: HaltRecord | undefined };

/**
 * Merges a finding into the incident of its place. An incident that is past is returned unchanged. undefined: the place
 * is not to be opened, since something was begun in the episode before meanwhile, or a later one was counted.
 */
const merge = async (ports: DecideOptions, said: Said, place: Place): Promise<Incident | undefined> => {
  const { incident, fresh, ...episode } = place;
  const { target, halt, ...seen } = said;
  const [known, former] = await Promise.all([
    // A fresh place comes with its incident, just read. If another caller has opened one since, the write finds it.
    fresh ? incident : (incident ?? ports.stores.incidents.get(episode.id)),
    previousOf(ports.stores, episode),
  ]);
  if (known !== undefined && isPast(known)) return known;
  const now = ports.clock.now();
  const at = eventTime(seen.finding.at, now);
  if (known === undefined && !fresh && (await followerOf(ports.stores, episode)) !== undefined) return undefined;
  const previous = known === undefined ? await passedBy(ports, former, episode, at) : former;
  if (known === undefined && previous !== undefined && !isPast(previous)) return undefined;
  const opening = openingAfter(previous, episode, target, at, ports.policy.minutes);
  await holdSubjects(ports.stores, episode.id, [...opening.subjects, ...seen.subjects], known?.subjects ?? []);
  const evidence = [...seen.finding.because.map(asSaid), ...seen.notes];
  const change = (before: Incident | null): Incident => {
    if (before !== null && isPast(before)) return before;
    const merged = mergeFinding(before ?? openIncident(opening, now), { ...seen, fresh, now }, ports.policy);
    const judged = judge(
      ports,
      {
        before,
        merged,
        fresh,
        replayed: seen.replayed,
        halt,
        evidence: [...leftOut(merged, seen.subjects), ...evidence],
      },
      now,
    );
    return before !== null && !taughtSomething(before, judged) && sameJudgement(before, judged) ? before : judged;
  };
  return writeIncident(ports, episode.id, change, known);
};

/**
 * Merges a finding into the episode where it was placed. If that episode ended first, because a person ended it or the
 * next one was opened, the finding is merged into the newest episode: it is not lost, and no two episodes act on one
 * pod.
 */
const mergeWhereOpen = async (
  ports: DecideOptions,
  findings: FindingRecords,
  said: Said,
  placed: Place,
): Promise<Incident> => {
  let place = placed;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const incident = await merge(ports, said, place);
    const merging = { ...said, fresh: false, now: ports.clock.now() };
    if (incident !== undefined && (!isPast(incident) || bears(incident, merging, ports.policy))) return incident;
    place = await placeAnew(ports, findings, said.finding, place);
  }
  throw new Transient(`finding ${said.finding.id}: its episode ended ${TRIES} times in a row`);
};

/** Whether one is the same finding as the other, and no weaker: a later look at the same event may have seen more. */
const says = (known: Finding, { id, at, severity, confidence, conclusive }: Finding): boolean =>
  known.id === id &&
  known.at === at &&
  severityRank(known.severity) >= severityRank(severity) &&
  known.confidence >= confidence &&
  (known.conclusive === true || conclusive !== true);

const settled = async (ports: DecideOptions, one: Finding, incident: Incident): Promise<void> => {
  ports.log.info('finding -> incident', `${one.rule} on ${incident.id}: ${incident.decision?.tier ?? 'observe'}`, {
    finding: one.id,
    incident: incident.id,
    rev: incident.rev,
    verdict: incident.decision?.verdict,
    policy: ports.policyHash,
  });
  await publishDue(ports, incident);
};

/**
 * Handles one finding: refuses it if it claims more than its rule or source may, drops it if a journal shows that we
 * made the change ourselves, resolves its target, merges it into the incident of that target, decides, and publishes
 * what the incident has to publish. Harmless to repeat with the same finding, also concurrently or after any crash.
 *
 * @throws Malformed for a message that is no finding; Denied and Transient if the cluster or the store cannot be read, or
 * a newer release wrote the finding: then the message is delivered again.
 */
export const makeDecide = (ports: DecideOptions) => {
  // One audit log entry often gives several findings at the same time: their common target is looked up once.
  const resolving = makeJoined<Resolved | Refused>();
  const findings = rememberedFindings(ports.stores);
  const readsFor = makeRecentReads(ports);
  const recentHalt = makeRecentHalt(ports);
  const resolved = (one: Finding): Promise<Resolved | Refused> =>
    resolving(JSON.stringify([one.target, one.at]), () => {
      const event = eventTime(one.at, ports.clock.now());
      return resolve(readsFor(event), one.target, event, { labelKeys: labelKeysOf(ports.policy), attribute: true });
    });
  return async (envelope: Envelope): Promise<void> => {
    const read = readMessage(envelope, 'finding', finding);
    // What was seen was seen before its finding was published, even if the clock of a source runs ahead: a pod that got
    // its name while the message waited is not the one that was meant.
    const said = { ...read, at: eventTime(read.at, msOf(envelope.publishedAt)) };
    const refused = refusalOf(said, ports.rules, ports.policy);
    if (refused !== undefined)
      return ports.log.count('finding-refused', refused, { finding: said.id, rule: said.rule });
    const { one, earlier } = await underOwnId(findings, said);
    if (one.id !== said.id)
      ports.log.warn('finding -> incident', `${said.id} is the id of another finding: this one is ${one.id}`);
    const known = earlier === undefined ? undefined : await ports.stores.incidents.get(earlier.incident);
    if (known?.findings.some((shown) => says(shown, one))) return settled(ports, one, known);
    const own = one.rule === OWN_CHANGE_RULE ? await ownEntryOf(ports.stores, one) : undefined;
    if (own !== undefined)
      return ports.log.count(
        'own-change',
        `${one.change?.verb} ${one.change?.resource} is ${own.entry.step} of ${own.holder}`,
        {
          finding: one.id,
        },
      );
    const [found, halt] = await Promise.all([resolved(one), recentHalt()]);
    if ('refused' in found)
      return ports.log.count('finding-refused', found.refused, { finding: one.id, rule: one.rule });
    const place =
      (earlier === undefined ? undefined : placeOf(earlier, known)) ??
      (await placeFinding(ports, findings, one, found.key));
    const replayed = replayedFrom(envelope) !== undefined;
    const subjects = one.family === 'cpu' ? found.subjects.map(busy) : found.subjects;
    const merging = {
      finding: one,
      target: found.target,
      subjects: replayed ? subjects.map(replayedOnly) : subjects,
      notes: found.notes,
      replayed,
      halt,
    };
    await settled(ports, one, await mergeWhereOpen(ports, findings, merging, place));
  };
};
