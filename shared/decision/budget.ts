import type { Spent } from '../model/budget.ts';
import type { StepId } from '../model/ids.ts';
import { type Time, timeOf } from '../model/time.ts';
import { counted } from '../text.ts';
import type { Budgets } from './policy-settings.ts';

/** The kind of thing that a step takes out of service; undefined if it changes neither a node nor a workload. */
export const costOf = (step: StepId): Spent['kind'] | undefined => COSTS[step];

const COSTS: Readonly<Partial<Record<StepId, Spent['kind']>>> = {
  'keep-disks': 'node',
  'cordon-node': 'node',
  'leave-group': 'node',
  'restore-group-size': 'node',
  'drain-node': 'node',
  'deny-node-network': 'node',
  'remove-external-ip': 'node',
  'open-investigation-access': 'node',
  'delete-host': 'node',
  'quarantine-pod': 'workload',
  'freeze-workload': 'workload',
  'sandbox-workload': 'workload',
  'delete-pod': 'workload',
  'delete-workload': 'workload',
  'kill-container': 'workload',
};

/** A node of the cluster as it is now. `ids`: its UID and the instance id of its VM. */
export type NodeState = { ids: readonly string[]; name: string; pool: string; zone: string; serves: boolean };

/** What an incident is about to take out of service, and the principals whose actions it answers. */
export type Wanted = {
  incident: string;
  critical: boolean;
  principals: readonly string[];
  nodes: ReadonlyArray<{ uid: string; name: string }>;
  workloads: ReadonlyArray<{ uid: string; name: string; namespace: string }>;
};

/** What is known of the cluster: earlier reservations, its nodes, and the nodes (by id) that an open incident holds. */
export type Books = { spent: readonly Spent[]; nodes: readonly NodeState[]; held: ReadonlySet<string> };

/** The reservations that are allowed, and by kind the reason why the others are refused. */
export type Grant = { reserved: Spent[]; refused: { [Kind in Spent['kind']]?: string } };

/** The reservations that still count at `now`, ms. */
export const countingAt = ({ minutes }: Budgets, spent: readonly Spent[], now: number): Spent[] =>
  spent.filter(({ at }) => at > timeOf(now - minutes * 60_000));

/** A change that is made later than this after its reservation counts from when it is made. */
const LATE_MS = 10 * 60_000;

/** Whether a reservation was made so long ago that a change made at `now` (ms) is to be counted anew. */
export const isLate = ({ at }: Spent, now: number): boolean => at < timeOf(now - LATE_MS);

/**
 * The reservations that count, with those made anew at `now` (ms) that the incident made long ago for what it takes out
 * of service only now, as after a halt.
 */
export const renewedAt = (counting: Spent[], { incident, nodes, workloads }: Wanted, now: number): Spent[] => {
  const isTaken = ({ kind, uid }: Spent): boolean =>
    (kind === 'node' ? nodes : workloads).some((one) => one.uid === uid);
  const isAnew = (one: Spent): boolean => one.incident === incident && isLate(one, now) && isTaken(one);
  return counting.map((one) => (isAnew(one) ? { ...one, at: timeOf(now) } : one));
};

/** Whether an incident has reserved all that it wants already, and that still counts. */
export const isReserved = ({ incident, nodes, workloads }: Wanted, counting: readonly Spent[]): boolean => {
  const mine = counting.filter((one) => one.incident === incident);
  const has = (kind: Spent['kind'], uid: string) => mine.some((one) => one.kind === kind && one.uid === uid);
  return nodes.every(({ uid }) => has('node', uid)) && workloads.every(({ uid }) => has('workload', uid));
};

const uidsOf = (spent: readonly Spent[]): Set<string> => new Set(spent.map(({ uid }) => uid));

const lastOf = (books: Books, counting: readonly Spent[], nodes: Wanted['nodes']): NodeState | undefined => {
  const going = new Set([...nodes.map(({ uid }) => uid), ...uidsOf(counting.filter(({ kind }) => kind === 'node'))]);
  const stays = books.nodes.filter((node) => node.serves && !node.ids.some((id) => going.has(id)));
  const kept = new Set(stays.map(({ pool, zone }) => `${pool} ${zone}`));
  const wanted = books.nodes.filter(({ ids }) => nodes.some(({ uid }) => ids.includes(uid)));
  return wanted.find(({ serves, pool, zone }) => serves && !kept.has(`${pool} ${zone}`));
};

/** A node may be the last one only beside others that this incident takes too, or that one took within the window. */
const lastText = ({ minutes }: Budgets, { nodes }: Books, { name, pool, zone }: NodeState): string =>
  nodes.some((one) => one.serves && one.name !== name && one.pool === pool && one.zone === zone)
    ? `with what was taken within ${minutes} minutes, this would leave pool ${pool} without a Ready node in ${zone}`
    : `node ${name} is the last Ready node of pool ${pool} in ${zone}`;

const beyondNodes = (
  budgets: Budgets,
  books: Books,
  counting: readonly Spent[],
  wanted: Wanted,
): string | undefined => {
  const mine = uidsOf(counting.filter(({ kind, incident }) => kind === 'node' && incident === wanted.incident));
  const open = wanted.nodes.filter(({ uid }) => !books.held.has(uid) && !mine.has(uid));
  if (open.length === 0) return undefined;
  const last = lastOf(books, counting, open);
  if (last !== undefined) return lastText(budgets, books, last);
  const before = counting.filter(({ kind }) => kind === 'node');
  const share = Math.max(1, Math.floor((books.nodes.length * budgets.percent) / 100));
  const most = Math.min(budgets.nodes, share);
  const all = new Set([...uidsOf(before), ...open.map(({ uid }) => uid)]);
  if (all.size > most)
    return `the budget of this cluster is ${counted(most, 'node')} within ${budgets.minutes} minutes (at most ${budgets.nodes}, and at most ${budgets.percent} % of its ${counted(books.nodes.length, 'node')}), and this would make it ${all.size}`;
  if (wanted.critical) return undefined;
  const causedBy = (one: string): number =>
    new Set([...uidsOf(before.filter(({ principals }) => principals.includes(one))), ...open.map(({ uid }) => uid)])
      .size;
  const principal = wanted.principals.find((one) => causedBy(one) > budgets.nodesPerPrincipal);
  return principal === undefined
    ? undefined
    : `the budget for what one principal causes is ${counted(budgets.nodesPerPrincipal, 'node')} within ${budgets.minutes} minutes, and this would make it ${causedBy(principal)} for ${principal}`;
};

const beyondWorkloads = (budgets: Budgets, counting: readonly Spent[], { workloads }: Wanted): string | undefined => {
  const before = counting.filter(({ kind }) => kind === 'workload');
  for (const namespace of new Set(workloads.map((one) => one.namespace))) {
    const inside = <T extends { namespace?: string | undefined }>(all: readonly T[]) =>
      all.filter((one) => one.namespace === namespace);
    const known = uidsOf(inside(before));
    const fresh = inside(workloads).filter(({ uid }) => !known.has(uid));
    const size = known.size + fresh.length;
    if (fresh.length > 0 && size > budgets.workloads)
      return `the budget of namespace ${namespace} is ${counted(budgets.workloads, 'workload')} within ${budgets.minutes} minutes, and this would make it ${size}`;
  }
  return undefined;
};

const reserving = (kind: Spent['kind'], wanted: Wanted, at: Time): Spent[] => {
  const { incident, nodes, workloads, principals } = wanted;
  // A principal's budget counts nodes alone. Long names beside every workload of an hour could fill the document, and
  // then nothing could be reserved.
  return kind === 'node'
    ? nodes.map(({ uid }) => ({ incident, at, principals: [...principals], kind, uid }))
    : workloads.map(({ uid, namespace }) => ({ incident, at, principals: [], kind, uid, namespace }));
};

/**
 * Decides whether an incident may take its nodes and workloads out of service at `now` (ms). A node that an open
 * incident already holds costs nothing. What this incident reserved earlier is not judged again. Either all of a kind
 * is reserved or nothing of that kind. `lifted`: an operator has lifted the budget for this incident: its reservations
 * are counted, but never refused.
 */
export const judgeBudget = (budgets: Budgets, books: Books, wanted: Wanted, lifted: boolean, now: number): Grant => {
  const counting = countingAt(budgets, books.spent, now);
  const because = {
    node: lifted ? undefined : beyondNodes(budgets, books, counting, wanted),
    workload: lifted ? undefined : beyondWorkloads(budgets, counting, wanted),
  };
  const known = new Set(counting.map(({ kind, uid, incident }) => `${kind} ${uid} ${incident}`));
  const kinds = (['node', 'workload'] as const).filter((kind) => because[kind] === undefined);
  return {
    reserved: kinds
      .flatMap((kind) => reserving(kind, wanted, timeOf(now)))
      .filter((one) => !(one.kind === 'node' && books.held.has(one.uid)))
      .filter(({ kind, uid, incident }) => !known.has(`${kind} ${uid} ${incident}`)),
    refused: {
      ...(because.node === undefined ? {} : { node: because.node }),
      ...(because.workload === undefined ? {} : { workload: because.workload }),
    },
  };
};
