import { captureEvidence } from '../../../../shared/containment/steps/capture-evidence.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: captureEvidence,
  parts: ['objects', 'logs'],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'nightly-report'))]],
  stranger: { because: 'evidence is never overwritten' },
  madeAgain: { state: 'applied', because: 'what is there is kept as it is; the pod is named as missing' },
  denied: { state: 'applied', because: 'trouble with evidence never holds up containment' },
});
