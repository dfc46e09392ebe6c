import type { PlanOptions } from '../model/decision.ts';
import type { StepId, Tier } from '../model/ids.ts';

/** What one row item is done to: every pod of the incident, every node they run on, every namespace, or the top controller. */
export type Scope = 'pod' | 'node' | 'namespace' | 'workload';

export type RowItem = {
  step: StepId;
  scope: Scope;
  /** `capture-evidence` comes in two subjects: API objects first, container logs later. */
  part?: 'objects' | 'logs';
  /** Begun and journaled; settled by a later gate or at the end. */
  start?: true;
  /** The `<-`: refused unless each of these was applied, was already so, or is a dry run in a dry run. */
  needs?: readonly StepId[];
  /** A `<-` for which one of these is enough, and then proven. Not asked for where the goal says `stopFirst`. */
  anyOf?: readonly StepId[];
  /** Does not begin before each of these is settled, whatever its outcome and however long it takes. */
  follows?: readonly StepId[];
  /** Waits for these to settle, whatever their outcome, but no longer than this many seconds after they began. */
  waits?: Readonly<Partial<Record<StepId, number>>>;
  /** Only when the goal's options ask for it. */
  only?: keyof PlanOptions;
  /** Dropped where the goal says `stopFirst`: the attacker is destroying things. */
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

/** Without its external address a node may lose its control plane too, so both kinds of cut wait alike. */
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

/** The steps before a deletion: an attacker who is destroying things would win from every second of them. */
const beforeDeletion = (row: readonly RowItem[]): readonly RowItem[] =>
  row.map((item) => ({ ...item, evidence: true }));

const INVESTIGATE: readonly RowItem[] = [{ step: 'open-investigation-access', scope: 'node', only: 'investigate' }];

/** The playbook of each tier, as one reads it: top to bottom. */
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
 * `isolate` where the node itself is within the attacker's reach, or pod network policy is not enforced: the cut
 * comes before a drain that has not begun, and evictions can then not be confirmed.
 */
export const ISOLATE_HOST_REACH: readonly RowItem[] = [
  ...QUARANTINE,
  ...LEAVE,
  ...cut({ 'leave-group': 60 }),
  { ...DRAIN, follows: ['deny-node-network', 'remove-external-ip'] },
  ...INVESTIGATE,
];
