/** The mitigation tiers, rising. Every comparison of tiers goes through `tierRank`. */
export const TIERS = [
  'observe',
  'snapshot',
  'quarantine',
  'isolate',
  'redeploy',
  'delete-workload',
  'delete-host',
] as const;
export type Tier = (typeof TIERS)[number];

/** The tiers that the matrix may choose. `redeploy` and `delete-host` need an override or a request. */
export const LADDER = ['observe', 'snapshot', 'quarantine', 'isolate', 'delete-workload'] as const satisfies Tier[];

/**
 * Every step, in the order in which a plan runs them; the playbooks show the two exceptions: container logs come
 * late, and a group's size is restored after the step that shrank it. An id is never reused for another meaning:
 * journals of earlier releases hold them.
 */
export const STEP_IDS = [
  'start-snapshots',
  'keep-disks',
  'capture-evidence',
  'cordon-node',
  'deny-pod-network',
  'quarantine-pod',
  'freeze-workload',
  'attach-forensics',
  'leave-group',
  'restore-group-size',
  'drain-node',
  'deny-node-network',
  'remove-external-ip',
  'open-investigation-access',
  'sandbox-workload',
  'delete-pod',
  'snapshots-ready',
  'delete-workload',
  'kill-container',
  'delete-host',
] as const;
export type StepId = (typeof STEP_IDS)[number];

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const FAMILIES = ['spec', 'exec', 'network', 'cpu', 'rbac', 'identity', 'threat-feed'] as const;
export type Family = (typeof FAMILIES)[number];

/** The sources of signals, as findings name them and the policy limits them. */
export const SOURCE_IDS = [
  'gke-audit-log',
  'admin-audit-log',
  'kubernetes-audit',
  'monitoring-incident',
  'security-command-center',
  'falco',
] as const;
export type SourceId = (typeof SOURCE_IDS)[number];

/** Topics without their prefix; the wire name is `firebreak-<topic>`. */
export const TOPICS = [
  'audit-log',
  'cpu',
  'threat',
  'findings',
  'requests',
  'tick',
  'dead-letters',
  'containment',
  'notices',
] as const;
export type Topic = (typeof TOPICS)[number];

export const TOPIC_PREFIX = 'firebreak-';

export const FUNCTIONS = [
  'detect-audit-log',
  'detect-cryptomining',
  'detect-threat',
  'decide',
  'operate',
  'contain',
  'notify',
  'console',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** 0 for `observe`, 6 for `delete-host`. */
export const tierRank = (tier: Tier): number => TIERS.indexOf(tier);

/** 0 for `low`, 3 for `critical`. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** The lower of two tiers. */
export const lowerTier = (a: Tier, b: Tier): Tier => (tierRank(a) <= tierRank(b) ? a : b);

/**
 * What a limit leaves of a tier. A deletion that it does not allow becomes no other deletion, of a pod instead of its
 * workload or of a workload instead of its node: then `isolate` is left at most.
 */
export const withinLimit = (tier: Tier, limit: Tier): Tier =>
  tierRank(tier) <= tierRank(limit) ? tier : lowerTier(limit, 'isolate');

/** The higher of two tiers. */
export const higherTier = (a: Tier, b: Tier): Tier => (tierRank(a) >= tierRank(b) ? a : b);
