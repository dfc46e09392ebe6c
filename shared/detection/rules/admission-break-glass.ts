import { writtenAt } from '../../kubernetes/patch.ts';
import { POD_SPEC_PATHS, podMarksOf } from '../../kubernetes/pod-spec.ts';
import { workloadKindOf } from '../../kubernetes/workloads.ts';
import { toldOnce } from '../../told-once.ts';
import type { CallSignal } from '../calls.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

const MARK = 'image-policy.k8s.io/break-glass';
/** The label, and the older annotation. */
const MARKS = [MARK, `alpha.${MARK}`];
const ASKS = ['it asks to bypass Binary Authorization (break-glass)'];

/** A workload that bypassed Binary Authorization. */
export const admissionBreakGlass = podRule({
  id: 'admission-break-glass',
  title: 'Binary Authorization bypassed',
  sees: `A pod, or a pod template, with the label or annotation ${MARK}.`,
  why: 'Break-glass lets an unsigned image run. It is meant for emergencies, and each use needs a review.',
  technique: [
    { id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'spec',
  falsePositives: ['Agreed emergencies'],
  example: 'a pod with the label image-policy.k8s.io/break-glass: "true"',
  look: (_spec, signal) => (isMarked(signal) ? sightingFor(ASKS) : undefined),
  lookBeside: (patch) => (marks(patch) ? sightingFor(ASKS) : undefined),
});

const isMarked = toldOnce(({ call, request, response }: CallSignal): boolean => {
  const kind = workloadKindOf(call) ?? '';
  return [request, response].some((body) => [...podMarksOf(kind, body, MARK).values()].some(isSet));
});

const isSet = (value: unknown): boolean => value !== 'false' && value !== null && value !== undefined;

/**
 * Whether a patch itself sets the mark, on the workload or on its pods. The response would also show a mark from
 * before.
 */
const marks = (patch: CallSignal): boolean => {
  const path = POD_SPEC_PATHS[workloadKindOf(patch.call) ?? ''] ?? [];
  return [[], path.slice(0, -1)].some((holder) =>
    ['labels', 'annotations'].some((kind) =>
      MARKS.some((mark) => isSet(writtenAt(patch, ...holder, 'metadata', kind, mark))),
    ),
  );
};
