import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../marks.ts';

/** Labels that a StatefulSet pod must keep: without them it is orphaned for ever and blocks its replacement (kubernetes#55559). */
const STATEFUL = ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'controller-revision-hash'];

/**
 * The labels a quarantined pod is left with. All go, so that Services, its controller and other policies no longer
 * select it, except what a StatefulSet selects by; the quarantine label comes. `kind` and `selector` are those of the
 * controller that owns the pod itself; undefined for a bare pod.
 */
export const quarantineLabels = (
  labels: Readonly<Record<string, string>>,
  kind: string | undefined,
  selector: Readonly<Record<string, string>>,
): Record<string, string> => {
  const kept = kind === 'StatefulSet' ? [...Object.keys(selector), ...STATEFUL] : [];
  return {
    ...Object.fromEntries(Object.entries(labels).filter(([key]) => kept.includes(key))),
    [QUARANTINE_LABEL]: QUARANTINE_VALUE,
  };
};

/** The merge patch that turns one set of labels into another: null removes. */
export const labelPatch = (
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): Record<string, string | null> => ({
  ...Object.fromEntries(
    Object.keys(from)
      .filter((key) => to[key] === undefined)
      .map((key) => [key, null]),
  ),
  ...Object.fromEntries(Object.entries(to).filter(([key, value]) => from[key] !== value)),
});

/**
 * The labels a release puts back: every one that the quarantine took, where nobody has set it since; the quarantine
 * label goes back to what it was.
 */
export const releasedLabels = (
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): Record<string, string> => {
  const { [QUARANTINE_LABEL]: _, ...others } = now;
  return { ...before, ...others };
};
