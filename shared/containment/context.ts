import { keyOfUid } from '../decision/correlate.ts';
import type { StepSubject } from '../decision/step-subjects.ts';
import { Malformed } from '../errors.ts';
import type { Goal } from '../model/decision.ts';
import type { Entry } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { clusterOf } from '../model/target.ts';
import type { ContainPorts } from '../ports.ts';
import { arriving } from './arriving.ts';
import { type BindingReads, bindingReads } from './binding-reads.ts';
import type { BoundStep } from './bound-step.ts';
import { dryCompute } from './dry-compute.ts';
import { dryCluster, dryEvidence, guardCluster, guardCompute, makeGuard } from './guard.ts';
import { bearerOf, keeperOf } from './hand-over.ts';
import { isHeldBeside } from './held-beside.ts';
import { type HostPlace, holdersNow } from './hosts.ts';
import type { StepSettings } from './settings.ts';
import type { Before } from './step.ts';
import type { WorkContext } from './work.ts';

/** The ports and settings from which a step's context is made. `bindings`: what the steps of a run read together. */
export type StepPorts = ContainPorts & { settings: StepSettings; bindings?: BindingReads };

/** The hosts document of a step that incidents share; undefined for a step that is the incident's own. */
export const placeOf = (bound: BoundStep): HostPlace | undefined => {
  const { subject, step } = bound;
  if (step.journal !== 'host') return undefined;
  return { id: subject.uid, node: subject.subject };
};

/** The conditions of a run: its goal, its lease, what its plan covers, and whether anything may be sent. */
export type Hold = {
  token: string;
  goalRev: number;
  dry: boolean;
  covers?: string;
  /** See `Under` in order.ts. */
  gated: boolean;
  accessAt?: Goal['accessAt'];
  /** Whether the policy in force still allows what the plan was made for; asked before every send. */
  allows?: (incident: Incident) => boolean;
  /** Resolves when all changes noted in the ledger are stored: nothing is sent before. */
  written?: () => Promise<void>;
  /** Resolves when the steps that go ahead of this one have sent what they send: nothing is sent before. */
  behind?: Promise<unknown>;
  /** Called when this step has sent what it sends: those behind it may send. */
  sent?: () => void;
  /**
   * Why the budget does not let the step begin, if it does not; asked where a step begins that had been done before.
   */
  heldBack?: () => Promise<string | undefined>;
};

/**
 * The incidents that hold this pod or VM and are neither released nor closed. An incident that has no document yet
 * counts as open: its hold is stored before the document is, and until then nobody may take the pod or VM for unheld.
 */
const openHolders = async ({ stores }: ContainPorts, id: string): Promise<string[]> => {
  const ids = (await stores.subjects.get(keyOfUid(id)))?.incidents ?? [];
  const found = await Promise.all(ids.map((holder) => stores.incidents.get(holder)));
  return ids.filter((_, n) => found[n]?.state !== 'released' && found[n]?.state !== 'closed');
};

/**
 * A mark in the world may be anything. It is looked up only if it may be the id of an incident or of a shared document.
 */
const MARK = /^[a-z0-9-]{1,80}$/;

const imageOf = async (
  { stores }: ContainPorts,
  uid: string,
  step: StepId,
  mark: string | undefined,
): Promise<Before | undefined> =>
  mark !== undefined && MARK.test(mark)
    ? ((await stores.incidents.get(mark))?.journal.find((e) => e.step === step && e.uid === uid)?.before ??
      (await stores.hosts.get(mark))?.journal.find((e) => e.step === step)?.before)
    : undefined;

/**
 * Makes a step's context: readers as they are; writers behind the guard, or, in a dry run, writers that end the step.
 * Throws Malformed where the incident names no cluster, and Denied where its cluster is not served.
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
    ...hold,
    incident: incident.id,
    ...(place === undefined ? {} : { host: place.id }),
  });
  return {
    incident,
    subject,
    mark: place?.id ?? incident.id,
    dry: hold.dry,
    insists: false,
    sendsSoon: () => (hold.dry ? undefined : guard.begin()),
    sent: () => hold.sent?.(),
    heldBack: async () => hold.heldBack?.(),
    journal,
    holdersOf: (id) => openHolders(ports, id),
    imageOf: (step, mark) => imageOf(ports, subject.uid, step, mark),
    keeperOf: (step) => keeperOf(ports, incident, subject, step),
    bearerOf: (step, mark) => bearerOf(ports, incident, subject, step, mark),
    holders: async () => holdersNow(ports, await ports.stores.hosts.get(subject.uid)),
    isHeldBeside: async () => isHeldBeside(ports, await ports.stores.hosts.get(subject.uid), incident.id),
    arriving: () => arriving(ports, incident, subject.uid),
    formerHolders: async () => {
      const host = await ports.stores.hosts.get(subject.uid);
      const now = await holdersNow(ports, host);
      return (host?.holders ?? []).filter((holder) => !now.includes(holder));
    },
    settings: ports.settings,
    now: () => ports.clock.now(),
    after: (ms) => ports.clock.sleep(ms),
    read: ports.clusters.reader(cluster),
    write: hold.dry ? dryCluster() : guardCluster(ports.clusters.writer(cluster), guard),
    describe: () => ports.clusters.describe(cluster),
    compute: ports.compute,
    computeWrite: hold.dry ? dryCompute() : guardCompute(ports.compute, guard),
    bindingsOf: (namespace, account) =>
      (ports.bindings ?? bindingReads(ports.clusters, ports.clock))(cluster, namespace, account),
    evidence: hold.dry ? dryEvidence(ports.evidence) : ports.evidence,
    log: ports.log,
  };
};
