import { sentenceOf } from '../errors.ts';
import { publishDue, updateIncident } from '../incidents.ts';
import type { Entry } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { clusterOf } from '../model/target.ts';
import { type Time, timeOf } from '../model/time.ts';
import { targetText } from '../views/target.ts';
import { withBudgetAsk } from './budget-ask.ts';
import { labelKeysOf } from './conditions.ts';
import { isPast } from './correlate.ts';
import { namesOf } from './grant.ts';
import { holdSubjects } from './hold.ts';
import { judge } from './judge.ts';
import { withLapse } from './lapse.ts';
import { leftOut, subjectsWith } from './merge.ts';
import { allOf } from './pages.ts';
import { nodesUntilOf, placedSince, unplaced } from './placed.ts';
import { remindOfStanding } from './remind.ts';
import { withReplacedNoted } from './replaced.ts';
import { withoutReplacements } from './replacements.ts';
import { remindOfHalt } from './requests/halt.ts';
import type { OperatePorts } from './requests/request.ts';
import { makePodResolver } from './resolve-pod.ts';
import { resolveWorkload } from './resolve-workload.ts';
import { withNotice } from './state.ts';
import { hostIdsOf } from './step-subjects.ts';

/** What any incident has done to the nodes of an incident's pods: the node may be replaced because of another one. */
const doneToHosts = async ({ stores }: OperatePorts, incident: Incident): Promise<Entry[]> => {
  const hosts = await Promise.all([...hostIdsOf(incident)].map((id) => stores.hosts.get(id)));
  return hosts.flatMap((host) => host?.journal ?? []);
};

/**
 * The pods that have got a node since, and the pods of named workloads that were made while pods were awaited, however
 * late this tick is. Left out are pods that only replace a pod which the incident took away, or one on a node that any
 * incident took away, and pods of a workload that is gone or was re-created.
 */
const awaitedPods = async (ports: OperatePorts, incident: Incident): Promise<Subject[]> => {
  const cluster = clusterOf(incident.target);
  const { podsUntil, nodesUntil } = incident;
  if ((podsUntil ?? nodesUntil) === undefined || cluster === undefined || isPast(incident)) return [];
  const reader = ports.clusters.reader(cluster);
  const resolvePod = makePodResolver(ports, cluster, reader, labelKeysOf(ports.policy));
  const found: Subject[] = await placedSince(reader, incident, resolvePod);
  if (podsUntil === undefined) return found;
  const journal = [...incident.journal, ...(await doneToHosts(ports, incident))];
  for (const subject of incident.subjects) {
    if (subject.kind !== 'workload') continue;
    const { apiVersion, kind, name, uid } = subject.owner;
    const object = await reader.get({ apiVersion, kind, name, namespace: subject.namespace });
    if (object?.metadata.uid !== uid) continue;
    const { subjects } = await resolveWorkload(reader, object, resolvePod, ports.clock.now());
    const made = subjects.flatMap((s) => (s.kind === 'pod' && s.createdAt <= podsUntil ? [s] : []));
    found.push(...withoutReplacements({ ...incident, journal }, uid, made));
  }
  return found;
};

/**
 * The pods that are awaited, or whose nodes are, recorded as held by the incident. None if the cluster or the records
 * cannot be read: asks, budgets and publishing must not wait for that. The next tick looks again while they are
 * awaited.
 */
const madeSince = async (ports: OperatePorts, incident: Incident): Promise<Subject[]> => {
  try {
    const pods = await awaitedPods(ports, incident);
    await holdSubjects(ports.stores, incident.id, pods, incident.subjects);
    return pods;
  } catch (thrown) {
    ports.log.warn('tick -> pods', sentenceOf(thrown), { incident: incident.id });
    return [];
  }
};

/** Tells which pods the incident could not take in, if there are any. */
const tellLeftOut = (incident: Incident, pods: readonly Subject[], at: Time): Incident => {
  const lines = leftOut(incident, pods);
  const title = `Not all pods of ${targetText(incident.target)} are in this incident`;
  return lines.length === 0 ? incident : withNotice(incident, { kind: 'info', title, lines }, at);
};

/** Tells which pods got no node in time, if there are any and something is done to the incident. */
const tellUnplaced = (incident: Incident, at: Time): Incident => {
  const pods = unplaced(incident.subjects);
  if (pods.length === 0 || incident.goal === null || isPast(incident)) return incident;
  const title = `There is no node yet for ${namesOf(pods)}`;
  const lines = ['Nothing is done to a node that comes later: send contain again once it is there.'];
  return withNotice(incident, { kind: 'info', title, lines }, at);
};

/**
 * Adds the pods to the incident, and the nodes that pods have got. Ends a wait when its time is over, and then tells
 * which pods it could not take in, and which have no node.
 */
const join = (ports: OperatePorts, incident: Incident, pods: Subject[], now: number): Incident => {
  const { podsUntil, nodesUntil, ...rest } = incident;
  if ((podsUntil ?? nodesUntil) === undefined) return incident;
  const at = timeOf(now);
  const subjects = subjectsWith(incident.subjects, pods);
  const still = (until: Time | undefined): Time | undefined =>
    until !== undefined && at < until && !isPast(incident) ? until : undefined;
  const podsLeft = still(podsUntil);
  const nodesLeft = still(nodesUntilOf(incident, subjects, now));
  const podsEnd = podsUntil !== undefined && podsLeft === undefined;
  const nodesEnd = nodesUntil !== undefined && nodesLeft === undefined;
  const isSame = subjects === incident.subjects;
  if (isSame && !podsEnd && !nodesEnd) return incident;
  const merged: Incident = {
    ...rest,
    subjects,
    ...(podsLeft === undefined ? {} : { podsUntil: podsLeft }),
    ...(nodesLeft === undefined ? {} : { nodesUntil: nodesLeft }),
  };
  const judged =
    isSame || isPast(incident) ? merged : judge(ports, { before: incident, merged, fresh: false, evidence: [] }, now);
  const told = podsEnd ? tellLeftOut(judged, pods, at) : judged;
  return nodesEnd ? tellUnplaced(told, at) : told;
};

const wake = async (ports: OperatePorts, due: Incident): Promise<void> => {
  const pods = await madeSince(ports, due);
  const now = ports.clock.now();
  const incident = await updateIncident(ports, due.id, (current) =>
    withBudgetAsk(
      withLapse(ports, join(ports, withReplacedNoted(current, timeOf(now)), pods, now), now),
      ports.policy,
      now,
    ),
  );
  if (incident !== undefined) await publishDue(ports, incident);
};

/**
 * Handles, once a minute, every incident that is due. Asks lapse; people are asked about a budget that holds an
 * incident back; pods of a named workload join; what was left unpublished is published; the id of an incident whose
 * lease ended or whose step wakes is published again. People are reminded of a halt, before all this, and of what still
 * stands, after it. An error on one incident, or on the halt, is logged and left to the next tick; it does not hold up
 * the others.
 */
export const tick = async (ports: OperatePorts): Promise<void> => {
  try {
    await remindOfHalt(ports);
  } catch (thrown) {
    ports.log.error('tick -> halt', sentenceOf(thrown));
  }
  for await (const due of allOf<Incident>(ports.stores.incidents, { dueBefore: timeOf(ports.clock.now()) })) {
    try {
      await wake(ports, due);
    } catch (thrown) {
      ports.log.error('tick -> incident', sentenceOf(thrown), { incident: due.id });
    }
  }
  await remindOfStanding(ports);
};
