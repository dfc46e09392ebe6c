import type { PlanOptions } from '../model/decision.ts';
import type { StepId, Tier } from '../model/ids.ts';

/** What a row item is done to: every pod of the incident, every node, every namespace, or every top controller. */
export type Scope = 'pod' | 'node' | 'namespace' | 'workload';

export type RowItem = {
  step: StepId;
  scope: Scope;
  /**
   * `capture-evidence` has two subjects per pod: API objects first, container logs later. The first part is also of
   * each node that no pod of the incident is on.
   */
  part?: 'objects' | 'logs';
  /** The step is only begun and journaled; a later gate or the end of the run settles it. */
  start?: true;
  /** The `<-`: the step is refused unless each of these was applied, was so already, or is a dry run in a dry run. */
  needs?: readonly StepId[];
  /** A `<-` for which one of these is enough, if it is proven. Does not apply if the goal says `stopFirst`. */
  anyOf?: readonly StepId[];
  /** The step does not begin before each of these is settled, whatever its outcome and however long it takes. */
  follows?: readonly StepId[];
  /** The step waits for these to settle, whatever their outcome, but at most this many seconds after they began. */
  waits?: Readonly<Partial<Record<StepId, number>>>;
  /** Only when the goal's options ask for it. */
  only?: keyof PlanOptions;
  /** Left out if the goal says `stopFirst`: the attacker is destroying things. */
  evidence?: true;
};

const SNAPSHOT: readonly RowItem[] = [
  { step: 'start-snapshots', scope: 'node', evidence: true },
  { step: 'capture-evidence', scope: 'pod', part: 'objects', evidence: true },
  { step: 'capture-evidence', scope: 'pod', part: 'logs', evidence: true },
  { step: 'attach-forensics', scope: 'pod', only: 'forensics' },
];

const QUARANTINE: readonly RowItem[] = [
  { step: 'start-snapshots', scope: 'node', start: true, evidence: true },
  { step: 'keep-disks', scope: 'node' },
  { step: 'capture-evidence', scope: 'pod', part: 'objects', evidence: true },
  { step: 'cordon-node', scope: 'node' },
  { step: 'deny-pod-network', scope: 'namespace' },
  { step: 'quarantine-pod', scope: 'pod' },
  { step: 'freeze-workload', scope: 'workload', only: 'freeze' },
  { step: 'capture-evidence', scope: 'pod', part: 'logs', evidence: true },
];

/** Losing its external address may cut a node off from its control plane too, so both steps wait for the same ones. */
const cut = (waits: NonNullable<RowItem['waits']>): readonly RowItem[] => [
  { step: 'deny-node-network', scope: 'node', waits },
  { step: 'remove-external-ip', scope: 'node', waits },
];

const LEAVE: readonly RowItem[] = [
  { step: 'attach-forensics', scope: 'pod', only: 'forensics' },
  { step: 'leave-group', scope: 'node' },
  { step: 'restore-group-size', scope: 'node', start: true, needs: ['leave-group'] },
];

const DRAIN = { step: 'drain-node', scope: 'node', needs: ['cordon-node'] } as const satisfies RowItem;

/** The steps before a deletion, left out with `stopFirst`: an attacker who destroys things gains from each second. */
const beforeDeletion = (row: readonly RowItem[]): readonly RowItem[] =>
  row.map((item) => ({ ...item, evidence: true }));

const INVESTIGATE: readonly RowItem[] = [{ step: 'open-investigation-access', scope: 'node', only: 'investigate' }];

/** The playbook of each tier, in the order of its steps. */
export const PLAYBOOKS: Readonly<Record<Tier, readonly RowItem[]>> = {
  observe: [],
  snapshot: SNAPSHOT,
  quarantine: QUARANTINE,
  isolate: [...QUARANTINE, ...LEAVE, DRAIN, ...cut({ 'leave-group': 60, 'drain-node': 120 }), ...INVESTIGATE],
  redeploy: [
    { step: 'start-snapshots', scope: 'node', evidence: true },
    { step: 'capture-evidence', scope: 'pod', part: 'objects', evidence: true },
    { step: 'capture-evidence', scope: 'pod', part: 'logs', evidence: true },
    { step: 'sandbox-workload', scope: 'workload', only: 'sandbox' },
    { step: 'delete-pod', scope: 'pod' },
  ],
  'delete-workload': [
    ...beforeDeletion(QUARANTINE),
    { step: 'snapshots-ready', scope: 'node', evidence: true },
    { step: 'delete-workload', scope: 'workload', needs: ['snapshots-ready'] },
    { step: 'kill-container', scope: 'pod', follows: ['delete-workload'] },
  ],
  'delete-host': [
    { step: 'start-snapshots', scope: 'node', evidence: true },
    { step: 'keep-disks', scope: 'node' },
    { step: 'capture-evidence', scope: 'pod', part: 'objects', evidence: true },
    { step: 'capture-evidence', scope: 'pod', part: 'logs', evidence: true },
    { step: 'snapshots-ready', scope: 'node', evidence: true },
    { step: 'delete-host', scope: 'node', anyOf: ['snapshots-ready', 'keep-disks'], follows: ['keep-disks'] },
    { step: 'restore-group-size', scope: 'node', needs: ['delete-host'] },
  ],
};

/**
 * The row of `isolate` if the node itself is within the attacker's reach, or pod network policy is not enforced. The
 * node is cut off before the drain begins; then evictions cannot be confirmed.
 */
export const ISOLATE_HOST_REACH: readonly RowItem[] = [
  ...QUARANTINE,
  ...LEAVE,
  ...cut({ 'leave-group': 60 }),
  { ...DRAIN, follows: ['deny-node-network', 'remove-external-ip'] },
  ...INVESTIGATE,
];
