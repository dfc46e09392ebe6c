import { formerNodesOf, type StepSubject, subjectsOf } from '../decision/step-subjects.ts';
import type { PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { type BoundStep, bind } from './bound-step.ts';
import type { Step } from './step.ts';

const PARTS = [undefined, 'objects', 'logs'] as const;

const subjectOf = (incident: Incident, step: Step, item: Pick<PlanItem, 'subject' | 'uid'>): StepSubject | undefined =>
  [
    ...PARTS.flatMap((part) => subjectsOf(incident, step.scope, part)),
    ...(step.scope === 'node' ? formerNodesOf(incident) : []),
  ].find((s) => s.subject === item.subject && s.uid === item.uid);

/** The step of an item or entry, bound to its subject; undefined where this version or the incident lacks either. */
export const boundOf = (
  stepOf: (id: PlanItem['step']) => Step | undefined,
  incident: Incident,
  item: Pick<PlanItem, 'step' | 'subject' | 'uid'>,
): BoundStep | undefined => {
  const step = stepOf(item.step);
  const subject = step === undefined ? undefined : subjectOf(incident, step, item);
  return step === undefined || subject === undefined ? undefined : bind(step, subject);
};
