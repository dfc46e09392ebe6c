/** Labels and annotations that we write. The names must not change: journals and operators' selectors contain them. */
export const QUARANTINE_LABEL = 'quarantine';
export const QUARANTINE_VALUE = 'true';
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'firebreak' };
export const QUARANTINE_POLICY = 'firebreak-quarantine';

/** The annotation under which a step leaves its mark, in the same patch as its change. */
export const markKey = (step: string): string => `firebreak.dev/${step}`;

/** The annotation that keeps the cluster autoscaler from removing a node (cluster-autoscaler FAQ). */
export const SCALE_DOWN_DISABLED = 'cluster-autoscaler.kubernetes.io/scale-down-disabled';
