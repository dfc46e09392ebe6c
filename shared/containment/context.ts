import type { StepSubject } from '../decision/plan.ts';
import { Malformed } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import type { IncidentState } from '../model/notice.ts';
import { clusterOf } from '../model/target.ts';
import type { ContainPorts } from '../ports.ts';
import { dryCluster, dryCompute, dryEvidence, guardCluster, guardCompute, makeGuard } from './guard.ts';
import type { HostPlace } from './hosts.ts';
import type { StepSettings } from './settings.ts';
import type { BoundStep } from './step.ts';
import type { WorkContext } from './work.ts';

/** What a step's context is made of. */
export type StepPorts = ContainPorts & { settings: StepSettings };

/** The hosts document that a shared subject belongs to; undefined for what is the incident's own. */
export const placeOf = (bound: BoundStep): HostPlace | undefined => {
  const { subject, step } = bound;
  if (step.journal !== 'host') return undefined;
  return { id: subject.uid, node: subject.subject };
};

/** What a run is under: which goal, by which lease, what its plan covers, and whether anything may be sent. */
export type Hold = {
  token: string;
  goalRev: number;
  dry: boolean;
  covers?: string;
  /** As `Under` of order.ts has it. */
  gated: boolean;
  /** Whether the policy in force still allows what the plan was made for. */
  allows?: (incident: Incident) => boolean;
  /** Settles when what is noted of the run is stored: nothing is sent before. */
  written?: () => Promise<void>;
};

/** Of incidents, those in none of these states; one without a document is in none. */
const notYet = async ({ stores }: ContainPorts, ids: readonly string[], ended: readonly IncidentState[]) => {
  const found = await Promise.all(ids.map((id) => stores.incidents.get(id)));
  return ids.filter((_, n) => !ended.some((state) => state === found[n]?.state));
};

/**
 * Incidents that are neither released nor closed and hold this pod or VM. One that has no document yet is open: that it holds
 * this was written before it, and what it holds must not be taken for nobody's meanwhile.
 */
const openHolders = async (ports: ContainPorts, id: string): Promise<string[]> => {
  return notYet(ports, (await ports.stores.subjects.get(id))?.incidents ?? [], ['released', 'closed']);
};

/** Who holds a shared document; a closed incident has left its marks, and has no more say in what is done. */
const holdersNow = async (ports: ContainPorts, id: string): Promise<string[]> =>
  notYet(ports, (await ports.stores.hosts.get(id))?.holders ?? [], ['closed']);

/**
 * A step's context: readers as they are, writers behind the guard, or ending the step in a dry run. Throws Malformed
 * where the incident names no cluster, and Denied where its cluster is not served.
 */
export const contextOf = (
  ports: StepPorts,
  incident: Incident,
  subject: StepSubject,
  hold: Hold,
  place: HostPlace | undefined,
  journal: () => readonly Entry[],
): WorkContext => {
  const cluster = clusterOf(incident.target);
  if (cluster === undefined)
    throw new Malformed(`incident ${incident.id} names no cluster: nothing in it can be changed`);
  const guard = makeGuard(ports, {
    incident: incident.id,
    token: hold.token,
    goalRev: hold.goalRev,
    ...(hold.covers === undefined ? {} : { covers: hold.covers }),
    ...(hold.allows === undefined ? {} : { allows: hold.allows }),
    ...(hold.written === undefined ? {} : { written: hold.written }),
    ...(place === undefined ? {} : { host: place.id }),
  });
  return {
    incident,
    subject,
    mark: place?.id ?? incident.id,
    dry: hold.dry,
    sendsSoon: () => (hold.dry ? undefined : guard.begin()),
    journal,
    holdersOf: (id) => openHolders(ports, id),
    holders: () => holdersNow(ports, subject.uid),
    settings: ports.settings,
    now: () => ports.clock.now(),
    after: (ms) => ports.clock.sleep(ms),
    read: ports.clusters.reader(cluster),
    write: hold.dry ? dryCluster() : guardCluster(ports.clusters.writer(cluster), guard),
    describe: () => ports.clusters.describe(cluster),
    compute: ports.compute,
    computeWrite: hold.dry ? dryCompute(ports.compute) : guardCompute(ports.compute, guard),
    evidence: hold.dry ? dryEvidence(ports.evidence) : ports.evidence,
    log: ports.log,
  };
};
