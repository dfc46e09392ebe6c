import { labelIn } from '../../kubernetes/label-selector.ts';
import { QUARANTINE_LABEL, QUARANTINE_VALUE } from '../marks.ts';

/**
 * Labels that a StatefulSet pod must keep: without them it is orphaned for ever and blocks its replacement
 * (kubernetes#55559).
 */
const STATEFUL = ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'controller-revision-hash'];

/**
 * The labels of a quarantined pod: the quarantine label, and those that a StatefulSet's pod must keep. All others go,
 * so that Services, its controller and other policies no longer select it. `kind` and `selector` are those of the
 * controller that owns the pod directly; `kind` is undefined for a bare pod.
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

/**
 * What a quarantine changes on a pod. `stays`: whether it gets tolerations by which it stays on an unreachable node;
 * `without`: what is missing of the whole change, in words.
 */
export type QuarantineChange = { labels: Readonly<Record<string, string>>; stays: boolean; without?: string };

const UNTOLERATED = 'no toleration of an unreachable node';
const LABEL_ALONE = 'the pod was only given the quarantine label';

/**
 * The whole change, then less and less of it, down to the quarantine label alone, which still brings the pod under the
 * quarantine policy: a policy of the cluster may require labels, or restrict tolerations.
 */
export const quarantineChanges = (
  now: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): QuarantineChange[] => {
  const all = { ...now, [QUARANTINE_LABEL]: QUARANTINE_VALUE };
  return [
    { labels: wanted, stays: true },
    { labels: wanted, stays: false, without: `the pod was given ${UNTOLERATED}` },
    { labels: all, stays: true, without: LABEL_ALONE },
    { labels: all, stays: false, without: `${LABEL_ALONE}, and ${UNTOLERATED}` },
  ];
};

/** The merge patch that turns one set of labels into another: null removes. */
export const labelPatch = (
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): Record<string, string | null> => ({
  ...Object.fromEntries(
    Object.keys(from)
      .filter((key) => labelIn(to, key) === undefined)
      .map((key) => [key, null]),
  ),
  ...Object.fromEntries(Object.entries(to).filter(([key, value]) => labelIn(from, key) !== value)),
});

/**
 * The labels of a released pod: every label that the quarantine removed comes back, unless somebody has set it since;
 * the quarantine label gets the value that it had before, if it had one.
 */
export const releasedLabels = (
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): Record<string, string> => {
  const { [QUARANTINE_LABEL]: _, ...others } = now;
  return { ...before, ...others };
};

/** The labels that a quarantine would have taken from a pod, and that the pod has as before, by their keys. */
export const keptLabels = (
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): string[] =>
  Object.keys(before).filter((key) => labelIn(wanted, key) === undefined && labelIn(now, key) === labelIn(before, key));
