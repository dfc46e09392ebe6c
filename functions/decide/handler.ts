import { type RuleClaim, refusalOf } from '../../shared/decision/claims.ts';
import { labelKeysOf } from '../../shared/decision/conditions.ts';
import {
  cooldownOf,
  eventTime,
  isOver,
  joins,
  later,
  openIncident,
  takenOverFrom,
  windowWith,
} from '../../shared/decision/correlate.ts';
import type { Rules } from '../../shared/decision/decide-tier.ts';
import { type Episode, episodeFor, previousOf } from '../../shared/decision/episode.ts';
import { type FindingRecords, rememberedFindings } from '../../shared/decision/finding-records.ts';
import { holdSubjects } from '../../shared/decision/hold.ts';
import { judge, sameJudgement } from '../../shared/decision/judge.ts';
import { mergeFinding, taughtSomething, UNWRITTEN_MS } from '../../shared/decision/merge.ts';
import { OWN_CHANGE_RULE, ownEntryOf } from '../../shared/decision/own-change.ts';
import { makeRecentReads } from '../../shared/decision/recent-reads.ts';
import { type Refused, type Resolved, resolve } from '../../shared/decision/resolve.ts';
import { writeIncident } from '../../shared/decision/write-incident.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Conflict, Malformed } from '../../shared/errors.ts';
import { publishDue } from '../../shared/incidents.ts';
import { makeJoined } from '../../shared/joined.ts';
import { type Finding, finding } from '../../shared/model/finding.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { FindingRecord } from '../../shared/model/records.ts';
import type { Subject } from '../../shared/model/subject.ts';
import { msOf } from '../../shared/model/time.ts';
import type { DecidePorts } from '../../shared/ports.ts';
import { replayedFrom } from '../../shared/replay.ts';

/** What decide is handed: its ports, the policy in force, and the most that each rule may claim. */
export type DecideOptions = DecidePorts & Rules & { rules: ReadonlyMap<string, RuleClaim> };

const message = finding.strict();

const read = (envelope: Envelope): Finding => {
  const parsed = message.safeParse(envelope.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Malformed(`message ${envelope.id} is no finding: ${issue?.path.map(String).join('.')}: ${issue?.message}`);
};

/** Whether the document shows a finding, or something at least as strong of the same rule. */
const isMerged = (incident: Incident, one: Finding): boolean =>
  isOver(incident) || incident.findings.some((f) => f.id === one.id);

/** A document is not written for every finding, so its window may end a little early: then the findings are asked. */
const belongsTo =
  (ports: DecideOptions, one: Finding) =>
  async (newest: Incident): Promise<boolean> => {
    const at = eventTime(one.at, ports.clock.now());
    if (joins(newest, at)) return true;
    const { until, closesAt } = newest.window;
    if (isOver(newest) || at > closesAt || msOf(at) > msOf(until) + UNWRITTEN_MS) return false;
    const { items } = await ports.stores.findings.list({ key: newest.id }, { limit: 1000 });
    const last = items.reduce(
      (latest, r) => later(latest, eventTime(r.finding.at, ports.clock.now())),
      newest.window.from,
    );
    return msOf(at) <= msOf(last) + ports.policy.minutes.window * 60_000;
  };

/** Where a finding belongs; `incident` where that was read to find it out. */
type Place = Omit<Episode, 'incident'> & { fresh: boolean; incident?: Incident | undefined };

const placeOf = ({ incident: id, key, episode }: FindingRecord): Place | undefined =>
  key === undefined || episode === undefined ? undefined : { id, key, episode, fresh: false };

/** Stores a finding under an incident, once: another delivery of it that came first decides where it belongs. */
const record = async (ports: DecideOptions, findings: FindingRecords, one: Finding, key: string): Promise<Place> => {
  const { id, episode, incident } = await episodeFor(ports.stores, key, belongsTo(ports, one));
  const doc: FindingRecord = { v: 1, rev: 0, writer: '', finding: one, incident: id, key, episode };
  try {
    await findings.put(doc);
    return { id, key, episode, incident, fresh: true };
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    const first = await findings.get(one.id);
    return (first === undefined ? undefined : placeOf(first)) ?? { id, key, episode, fresh: false };
  }
};

/** A pod that only its CPU use speaks against. */
const busy = (one: Subject): Subject => (one.kind === 'pod' ? { ...one, cpuOnly: true } : one);

const merge = async (
  ports: DecideOptions,
  one: Finding,
  resolved: Resolved,
  { fresh, replayed, incident, ...episode }: Place & { replayed: boolean },
): Promise<Incident> => {
  const [known, previous] = await Promise.all([
    incident ?? ports.stores.incidents.get(episode.id),
    previousOf(ports.stores, episode),
  ]);
  const taken = takenOverFrom(previous);
  const held = [...taken.subjects, ...resolved.subjects];
  await holdSubjects(ports.stores, episode.id, held, known?.subjects ?? []);
  const now = ports.clock.now();
  const opening = {
    ...episode,
    target: resolved.target,
    ...taken,
    window: windowWith(undefined, eventTime(one.at, now), ports.policy.minutes),
    cooldownUntil: cooldownOf(previous, ports.policy.minutes),
  };
  const subjects = one.family === 'cpu' ? resolved.subjects.map(busy) : resolved.subjects;
  const merging = { finding: one, subjects, notes: resolved.notes, fresh, replayed, now };
  const change = (before: Incident | null): Incident => {
    if (before !== null && isOver(before)) return before;
    const merged = mergeFinding(before ?? openIncident(opening, now), merging, ports.policy);
    const evidence = [...one.because, ...resolved.notes];
    const judged = judge(ports, { before, merged, fresh, replayed, evidence }, now);
    return before !== null && !taughtSomething(before, judged) && sameJudgement(before, judged) ? before : judged;
  };
  return writeIncident(ports, episode.id, change, known);
};

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
 * Takes one finding: refuses what its rule or source may not claim, drops what a journal tells of as our own, resolves
 * its target, merges it into the incident of that target, decides, and publishes what the incident says must be
 * published. Harmless to call again with the same finding, at the same time or after a crash at any point.
 *
 * @throws Malformed for what is no finding; Denied and Transient where the cluster or the store cannot be read: then the
 * message is delivered again.
 */
export const makeDecide = (ports: DecideOptions) => {
  // What one entry shows is often more than one finding, and they come at the same time: their target is looked up once.
  const resolving = makeJoined<Resolved | Refused>();
  const findings = rememberedFindings(ports.stores);
  const readsFor = makeRecentReads(ports);
  const resolved = (one: Finding): Promise<Resolved | Refused> =>
    resolving(JSON.stringify([one.target, one.at]), () => {
      const event = eventTime(one.at, ports.clock.now());
      return resolve(readsFor(event), one.target, event, { labelKeys: labelKeysOf(ports.policy), attribute: true });
    });
  return async (envelope: Envelope): Promise<void> => {
    const one = read(envelope);
    const refused = refusalOf(one, ports.rules, ports.policy);
    if (refused !== undefined) return ports.log.count('finding-refused', refused, { finding: one.id, rule: one.rule });
    const earlier = await findings.get(one.id);
    const known = earlier === undefined ? undefined : await ports.stores.incidents.get(earlier.incident);
    if (known !== undefined && isMerged(known, one)) return settled(ports, one, known);
    const own = one.rule === OWN_CHANGE_RULE ? await ownEntryOf(ports.stores, one) : undefined;
    if (own !== undefined)
      return ports.log.count(
        'own-change',
        `${one.change?.verb} ${one.change?.resource} is ${own.entry.step} of ${own.holder}`,
        {
          finding: one.id,
        },
      );
    const found = await resolved(one);
    if ('refused' in found)
      return ports.log.count('finding-refused', found.refused, { finding: one.id, rule: one.rule });
    const place =
      (earlier === undefined ? undefined : placeOf(earlier)) ?? (await record(ports, findings, one, found.key));
    const replayed = replayedFrom(envelope) !== undefined;
    await settled(ports, one, await merge(ports, one, found, { ...place, replayed }));
  };
};
