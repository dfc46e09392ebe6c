import {
  type Books,
  costOf,
  countingAt,
  type Grant,
  isReserved,
  judgeBudget,
  type NodeState,
  renewedAt,
  type Wanted,
} from '../decision/budget.ts';
import { keyOfPlace } from '../decision/correlate.ts';
import type { Budgets } from '../decision/policy-settings.ts';
import { formerNodesOf, type StepSubject, subjectsOf, uidsBehind, unique } from '../decision/step-subjects.ts';
import { suspectsOf } from '../decision/suspects.ts';
import { Conflict, sentenceOf, Transient } from '../errors.ts';
import type { BudgetRecord, Spent } from '../model/budget.ts';
import { isHeldBack, keyOf, type PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { HALT_ID } from '../model/records.ts';
import { type ClusterRef, clusterOf } from '../model/target.ts';
import type { ContainPorts } from '../ports.ts';
import { heldOf, takenOf } from './held-nodes.ts';
import type { Ledger } from './ledger.ts';
import { nodesNow } from './node-states.ts';
import type { RbacRule } from './step.ts';
import { Stopped, stopUnderHalt } from './stopped.ts';

/**
 * Tells why an item is held back: its budget is used up, or cannot be read. undefined: the item may go.
 * - `begins`: the item takes something out of service.
 * - `ends`: it takes nothing, so nothing is read or reserved; it is held back only with others of its kind.
 * - `goes on`: it was begun, perhaps so long ago that what was reserved then no longer counts. It is judged alone.
 */
export type Reserve = (item: PlanItem, how: 'begins' | 'ends' | 'goes on') => Promise<string | undefined>;

type ReservePorts = Pick<ContainPorts, 'clock' | 'stores' | 'clusters' | 'compute'> & { budgets: Budgets };

/** The RBAC that reserving needs beside that of the steps: it reads how many nodes there are, and which are Ready. */
export const RESERVE_RBAC: readonly RbacRule[] = [{ group: '', resource: 'nodes', verbs: ['list'] }];

type Refused = Grant['refused'];

const TRIES = 5;
const RETRY_MS = 500;
/** In a storm, hundreds of runs reserve in one document. Each time, one of them succeeds. */
const CONFLICTS = 40;
const wantedBy = (incident: Incident): Wanted => {
  const about = { ...incident, subjects: suspectsOf(incident) };
  // Only subjects that the plan has a costing step for: there may be none for a subject that no grant covers.
  const costing = (kind: Spent['kind'], subjects: readonly StepSubject[]) => {
    const uids = new Set(incident.plan.flatMap(({ step, uid }) => (costOf(step) === kind ? [uid] : [])));
    return subjects.filter((s) => uidsBehind(s).some((uid) => uids.has(uid)));
  };
  const workloads = costing('workload', subjectsOf(about, 'workload'));
  // A node whose VM was made again under way stands in the plan under the VM that it had.
  const nodes = costing('node', [...subjectsOf(about, 'node'), ...formerNodesOf(about)]);
  return {
    incident: incident.id,
    critical: incident.severity === 'critical',
    principals: incident.summary.principals,
    nodes: nodes.map(({ uid, subject }) => ({ uid, name: subject })),
    workloads: workloads.flatMap((w) =>
      w.scope === 'workload' ? [{ uid: w.uid, name: w.subject, namespace: w.namespace }] : [],
    ),
  };
};

/**
 * The wanted nodes, each once: one whose VM was made again may stand there under several, and costs as the one that it
 * has now. What was done to an earlier VM takes nothing of this one.
 */
const onceEach = (wanted: Wanted['nodes'], nodes: readonly NodeState[]): Wanted['nodes'] => {
  const isThere = ({ uid }: { uid: string }): boolean => nodes.some(({ ids }) => ids.includes(uid));
  const [present, gone] = [wanted.filter(isThere), wanted.filter((one) => !isThere(one))];
  return unique([...present, ...gone], ({ name }) => name);
};

/** The items of a plan on what no step of their kind has taken out of service yet. */
const untaken = ({ plan, journal }: Incident): PlanItem[] => {
  const taken = journal.filter((e) => e.state === 'applied' && e.step !== 'keep-disks');
  return plan.filter(({ step, uid }) => !taken.some((e) => e.uid === uid && costOf(e.step) === costOf(step)));
};

const reserveOnce = async (ports: ReservePorts, cluster: ClusterRef, incident: Incident): Promise<Refused> => {
  const id = keyOfPlace(cluster);
  const asked = wantedBy(incident);
  const [halt, known] = await Promise.all([ports.stores.halts.get(HALT_ID), ports.stores.budgets.get(id)]);
  // What is reserved under a halt no longer counts when the halt ends: then all of it would be sent at once.
  if (incident.goal !== null) stopUnderHalt(halt, incident.goal);
  const now = ports.clock.now();
  const counted = countingAt(ports.budgets, known?.spent ?? [], now);
  const counting = renewedAt(counted, wantedBy({ ...incident, plan: untaken(incident) }), now);
  const keep = async (reserved: readonly Spent[]): Promise<void> => {
    if (reserved.length === 0 && counting.every((one, n) => one === counted[n])) return;
    const blank: BudgetRecord = { v: 1, rev: 0, writer: '', id, spent: [] };
    await ports.stores.budgets.put(id, { ...(known ?? blank), spent: [...counting, ...reserved] }, known?.rev ?? null);
  };
  if (isReserved(asked, counting)) {
    await keep([]);
    return {};
  }
  const [taken, nodes] = await Promise.all([
    takenOf(ports, asked),
    asked.nodes.length === 0 ? [] : nodesNow(ports, cluster, incident),
  ]);
  const wanted = { ...asked, nodes: onceEach(asked.nodes, nodes) };
  const books: Books = { spent: counting, nodes, held: heldOf(incident, taken, nodes, counting, now) };
  const { reserved, refused } = judgeBudget(ports.budgets, books, wanted, incident.lifted !== undefined, now);
  await keep(reserved);
  return refused;
};

const UNREAD = 'the budget cannot be read, so nothing is taken out of service without approval';

/** A random time of up to a second: runs that came at the same time must not all come back at the same time. */
const apart = ({ clock }: ReservePorts): number =>
  (2 * RETRY_MS * Number.parseInt(clock.random().slice(0, 3), 16)) / 0x1000;

/**
 * Why each kind is refused, if it is. If the budget cannot be read after some tries, both are: it must fail closed.
 *
 * @throws Stopped under a halt; Transient if other runs wrote it each time: that is no matter for a person.
 */
const reserve = async (ports: ReservePorts, incident: Incident): Promise<Refused> => {
  const cluster = clusterOf(incident.target);
  if (cluster === undefined) return {};
  let because = UNREAD;
  let conflicts = 0;
  for (let tries = 0; tries < TRIES; ) {
    try {
      return await reserveOnce(ports, cluster, incident);
    } catch (thrown) {
      if (thrown instanceof Stopped) throw thrown;
      if (thrown instanceof Conflict) {
        conflicts += 1;
        if (conflicts === CONFLICTS)
          throw new Transient(`the budget of ${cluster.cluster} was written by other runs ${CONFLICTS} times in a row`);
        await ports.clock.sleep(apart(ports));
      } else {
        tries += 1;
        because = `${UNREAD}: ${sentenceOf(thrown)}`;
        await ports.clock.sleep(RETRY_MS);
      }
    }
  }
  return { node: because, workload: because };
};

/**
 * Reserves the budget of one goal. It is reserved once for the whole incident, by compare-and-set, before the first
 * item that changes a node or a workload. What was held back under this goal stays held. For an item that was begun
 * earlier, it is reserved once more where that no longer counts.
 */
export const openReserve = (ports: ReservePorts, ledger: Ledger, goalRev: number): Reserve => {
  let asked: Promise<Refused> | undefined;
  const alone = new Map<string, Promise<Refused>>();
  const askedAlone = (item: PlanItem): Promise<Refused> => {
    const key = keyOf(item);
    const known = alone.get(key) ?? reserve(ports, { ...ledger.seen(), plan: [item] });
    alone.set(key, known);
    return known;
  };
  return async (item, how) => {
    const kind = costOf(item.step);
    if (kind === undefined) return undefined;
    if (how === 'goes on') {
      const isReservedNow = asked !== undefined && (await asked)[kind] === undefined;
      return isReservedNow ? undefined : (await askedAlone(item))[kind];
    }
    const { journal } = ledger.seen();
    const earlier = journal.find((e) => isHeldBack(e) && e.rev === goalRev && costOf(e.step) === kind);
    if (earlier !== undefined || how === 'ends') return earlier?.because;
    asked ??= reserve(ports, ledger.seen());
    return (await asked)[kind];
  };
};
