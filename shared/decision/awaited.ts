import type { PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { PLAYBOOKS, type RowItem } from './playbooks.ts';
import type { StepSubject } from './step-subjects.ts';

/** The steps that are done to a workload itself. */
const ON_WORKLOADS = Object.values(PLAYBOOKS).flatMap((row) =>
  row.flatMap(({ step, scope }) => (scope === 'workload' ? [step] : [])),
);

/** Whether an item or entry stands for what is to be done to the pods of a named workload, and to their nodes. */
export const standsForPods = (
  { subjects }: Pick<Incident, 'subjects'>,
  { step, uid }: Pick<PlanItem, 'step' | 'uid'>,
): boolean => !ON_WORKLOADS.includes(step) && subjects.some((s) => s.kind === 'workload' && s.uid === uid);

/**
 * The items of a row for named workloads that have no pod yet. They keep the journal from being silent about what was
 * asked for; the items of the pods take their place.
 */
export const awaitedItems = (row: readonly RowItem[], workloads: readonly StepSubject[]): PlanItem[] =>
  row
    .filter(({ step }) => !ON_WORKLOADS.includes(step))
    .flatMap(({ step, part }) =>
      workloads.flatMap((on) =>
        on.scope === 'workload' && on.pods.length === 0
          ? [{ step, subject: part === undefined ? on.subject : `${on.subject}#${part}`, uid: on.uid, after: [] }]
          : [],
      ),
    );
