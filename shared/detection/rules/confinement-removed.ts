import { APPARMOR_MARK, type Loosened } from '../../kubernetes/confinement.ts';
import { podMarksOf } from '../../kubernetes/pod-spec.ts';
import { workloadKindOf } from '../../kubernetes/workloads.ts';
import { toldOnce } from '../../told-once.ts';
import type { CallSignal } from '../calls.ts';
import { shownContainer } from '../claim.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

const SAYS: Readonly<Record<Loosened, string>> = {
  'proc-mount': 'sees all of /proc (procMount: Unmasked)',
  apparmor: 'runs without AppArmor',
  seccomp: 'may make every system call (seccomp: Unconfined)',
};

/** A container without the limits that the runtime sets for every other one. */
export const confinementRemoved = podRule({
  id: 'confinement-removed',
  title: 'Confinement of a container switched off',
  sees: 'A container with an unmasked /proc (medium 0.50), with AppArmor switched off (medium 0.40) or with seccomp switched off (low 0.30), each by its security context, that of its pod, or an annotation. Privileged containers, which have none of these limits, are reported by their own rule.',
  why: 'These limits keep root in a container from mounting file systems and changing settings of the kernel: most ways out of a container need one of them gone.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'spec',
  falsePositives: ['Builds of images without a privileged pod', 'Security and profiling agents'],
  example: 'a container with securityContext: {procMount: Unmasked}',
  look: ({ containers }, signal) => {
    const marked = markedIn(signal);
    const found = containers.flatMap(({ name, privileged, loosened }) =>
      privileged ? [] : [...new Set([...loosened, ...marked(name)])].map((one) => ({ name, one })),
    );
    const has = (which: Loosened): boolean => found.some(({ one }) => one === which);
    const confidence = has('proc-mount') ? 0.5 : has('apparmor') ? 0.4 : 0.3;
    return sightingFor(
      found.map(({ name, one }) => `${shownContainer(name)} ${SAYS[one]}`),
      { severity: confidence > 0.3 ? 'medium' : 'low', confidence },
    );
  },
});

/** What the older annotations of a pod, or of a template of pods, switch off for a container. */
const markedIn = toldOnce(({ call, request, response }: CallSignal): ((container: string) => readonly Loosened[]) => {
  const kind = workloadKindOf(call) ?? '';
  const marks = [request, response].map((body) => podMarksOf(kind, body, APPARMOR_MARK));
  return (container) =>
    marks.some((one) => one.get(`${APPARMOR_MARK}${container}`) === 'unconfined') ? ['apparmor'] : [];
});
