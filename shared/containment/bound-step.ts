import type { Scope } from '../decision/playbooks.ts';
import type { StepSubject } from '../decision/step-subjects.ts';
import type { Entry } from '../model/entry.ts';
import type { Applied, Before, Captured, Step, StepContext, StepOn, SubjectOf, Undone, Verified } from './step.ts';

/** A step bound to its subject, so that the run need not know scopes. */
export type BoundStep = {
  step: Step;
  subject: StepSubject;
  refuses(): string | undefined;
  capture(context: StepContext): Promise<Captured>;
  apply(context: StepContext, before: Before): Promise<Applied>;
  verify(context: StepContext, before: Before): Promise<Verified>;
  undo(context: StepContext, before: Before): Promise<Undone>;
};

const fitted = <S extends Scope>(step: StepOn<S> & Step, subject: SubjectOf<S> & StepSubject): BoundStep => ({
  step,
  subject,
  refuses: () => step.refuses?.(subject),
  capture: (context) => step.capture({ ...context, subject }),
  apply: (context, before) => step.apply({ ...context, subject }, before),
  verify: (context, before) => step.verify({ ...context, subject }, before),
  undo: (context, before) => step.undo({ ...context, subject }, before),
});

/** The item of a journal or a plan that a bound step works on. */
export const itemOf = ({ step, subject }: BoundStep): Pick<Entry, 'step' | 'subject' | 'uid'> => ({
  step: step.id,
  subject: subject.subject,
  uid: subject.uid,
});

/** Binds a step to a subject of a scope of its own; undefined where the scopes differ. */
export const bind = (step: Step, subject: StepSubject): BoundStep | undefined => {
  if ('bareNodes' in step)
    return subject.scope === 'pod' || subject.scope === 'node' ? fitted<'pod' | 'node'>(step, subject) : undefined;
  if (step.scope === 'pod' && subject.scope === 'pod') return fitted<'pod'>(step, subject);
  if (step.scope === 'node' && subject.scope === 'node') return fitted<'node'>(step, subject);
  if (step.scope === 'namespace' && subject.scope === 'namespace') return fitted<'namespace'>(step, subject);
  if (step.scope === 'workload' && subject.scope === 'workload') return fitted<'workload'>(step, subject);
  return undefined;
};
