import { podMarksOf } from '../../kubernetes/pod-spec.ts';
import { workloadKindOf } from '../../kubernetes/workloads.ts';
import { toldOnce } from '../../told-once.ts';
import type { CallSignal } from '../calls.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

const MARK = 'image-policy.k8s.io/break-glass';

/** A workload that went around Binary Authorization. */
export const admissionBreakGlass = podRule({
  id: 'admission-break-glass',
  title: 'Binary Authorization bypassed',
  sees: `A pod, or a template of pods, with the label or annotation ${MARK}.`,
  why: 'With it an image runs that nobody has signed. It is meant for emergencies, and each use is to be looked at.',
  technique: [
    { id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'spec',
  falsePositives: ['Emergencies that somebody has agreed to'],
  example: 'a pod with the label image-policy.k8s.io/break-glass: "true"',
  look: (_spec, signal) =>
    isMarked(signal) ? sightingFor(['it asks to be let past Binary Authorization (break-glass)']) : undefined,
});

const isMarked = toldOnce(({ call, request, response }: CallSignal): boolean => {
  const kind = workloadKindOf(call) ?? '';
  return [request, response].some((body) =>
    [...podMarksOf(kind, body, MARK).values()].some((value) => value !== 'false'),
  );
});
