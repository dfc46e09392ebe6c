import { othersHolding } from '../decision/holders.ts';
import { type StepSubject, uidsBehind } from '../decision/step-subjects.ts';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import { tierOf } from '../model/decision.ts';
import { inForce } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { ContainPorts } from '../ports.ts';
import { sameObject } from './image.ts';
import { remarked } from './mark-on.ts';
import { markKey } from './marks.ts';
import type { Keeper, StepContext, Undone } from './step.ts';

/** The mark of an incident's own change by this step on this subject, undefined where none is in force. */
const markOf = ({ id, journal }: Incident, step: StepId, uid: string): string | undefined => {
  const found = journal.find((e) => e.step === step && e.uid === uid && e.host === undefined && inForce(e));
  return found === undefined ? undefined : (found.mark ?? id);
};

/**
 * Another incident, that nobody has released or closed, whose own change by this step is in force on the same subject.
 * An owner chain that could not be read at first may give one pod to two incidents.
 */
export const keeperOf = async (
  ports: Pick<ContainPorts, 'stores'>,
  { id }: Pick<Incident, 'id'>,
  subject: StepSubject,
  step: StepId,
): Promise<Keeper | undefined> => {
  const others = await othersHolding(ports, uidsBehind(subject), id);
  return others
    .flatMap((other) => {
      const mark = tierOf(other.goal) === undefined ? undefined : markOf(other, step, subject.uid);
      return mark === undefined ? [] : [{ id: other.id, mark }];
    })
    .at(0);
};

/**
 * Leaves a change that carries our mark to another incident that holds it too, by giving it that one's mark. undefined
 * where there is none, so that the change must be taken back.
 */
export const handOver = async (
  context: Pick<StepContext, 'keeperOf' | 'write' | 'mark' | 'insists'>,
  step: StepId,
  ref: ObjectRef,
  object: KubeObject,
): Promise<Undone | undefined> => {
  const keeper = await context.keeperOf(step);
  if (keeper === undefined) return undefined;
  const remark = (known: KubeObject, mark: string): Promise<KubeObject> =>
    context.write.patch(ref, {
      type: 'merge',
      body: { metadata: { ...sameObject(context, known), ...remarked(known, markKey(step), mark) } },
    });
  const left = await remark(object, keeper.mark);
  if ((await context.keeperOf(step)) !== undefined)
    return {
      outcome: 'undone',
      because: `kept: incident ${keeper.id} holds it too, and takes it back when it is released`,
    };
  // That one was released meanwhile, and did not find its mark.
  await remark(left, context.mark);
  return { outcome: 'pending', wakeMs: 1_000, because: `incident ${keeper.id}, which holds it too, is ended as well` };
};
