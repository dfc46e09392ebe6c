import { othersHolding } from '../decision/holders.ts';
import { type StepSubject, uidsBehind } from '../decision/step-subjects.ts';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import { tierOf } from '../model/decision.ts';
import { inForce } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { ContainPorts } from '../ports.ts';
import { sameObject } from './image.ts';
import { markOn, remarked } from './mark-on.ts';
import { markKey } from './marks.ts';
import { notOurs } from './nothing-left.ts';
import type { Bearer, Keeper, StepContext, Undone } from './step.ts';
import { isUndoOver } from './undo.ts';

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
 * The other incident whose own change by this step on the same subject bears this mark, and whether that one has still
 * to take it back; undefined where there is none, or where it was closed and leaves the change in force.
 */
export const bearerOf = async (
  ports: Pick<ContainPorts, 'stores'>,
  { id }: Pick<Incident, 'id'>,
  subject: StepSubject,
  step: StepId,
  mark: string,
): Promise<Bearer | undefined> => {
  const others = await othersHolding(ports, uidsBehind(subject), id);
  return others
    .flatMap((other): Bearer[] => {
      const e = other.journal.find((one) => one.step === step && one.uid === subject.uid && one.host === undefined);
      if (e === undefined || e.takenBy !== undefined || (e.mark ?? other.id) !== mark) return [];
      if (tierOf(other.goal) !== undefined) return inForce(e) ? [{ id: other.id, is: 'open' }] : [];
      return other.goal?.tier === 'released' ? [{ id: other.id, is: isUndoOver(e) ? 'through' : 'ending' }] : [];
    })
    .at(0);
};

const keptFor = (id: string): Undone => ({
  outcome: 'undone',
  because: `kept: incident ${id} holds it too, and takes it back when it is released`,
});

/**
 * The answer for a change with another mark than ours; undefined where it is still ours to take back: we had handed it
 * over and died before we saw that the other incident was released as well, and had not found its mark.
 */
const underAnotherMark = async (
  context: Pick<StepContext, 'bearerOf'>,
  step: StepId,
  mark: string | undefined,
  what: string,
): Promise<Undone | undefined> => {
  const bearer = mark === undefined ? undefined : await context.bearerOf(step, mark);
  if (bearer === undefined) return notOurs(what);
  if (bearer.is === 'through') return undefined;
  return bearer.is === 'open'
    ? keptFor(bearer.id)
    : { outcome: 'pending', wakeMs: 5_000, because: `incident ${bearer.id}, which holds it too, takes it back` };
};

/**
 * Leaves a change to another incident that holds it too, by giving it that one's mark, or to whoever has put another
 * mark on it. undefined where the change must be taken back. `what`: the object, in words.
 */
export const handOver = async (
  context: Pick<StepContext, 'keeperOf' | 'bearerOf' | 'write' | 'mark' | 'insists'>,
  step: StepId,
  ref: ObjectRef,
  object: KubeObject,
  what: string,
): Promise<Undone | undefined> => {
  const borne = markOn(object, markKey(step));
  if (borne !== context.mark) return underAnotherMark(context, step, borne, what);
  const keeper = await context.keeperOf(step);
  if (keeper === undefined) return undefined;
  const remark = (known: KubeObject, mark: string): Promise<KubeObject> =>
    context.write.patch(ref, {
      type: 'merge',
      body: { metadata: { ...sameObject(context, known), ...remarked(known, markKey(step), mark) } },
    });
  const left = await remark(object, keeper.mark);
  if ((await context.keeperOf(step)) !== undefined) return keptFor(keeper.id);
  // That one was released meanwhile, and did not find its mark.
  await remark(left, context.mark);
  return { outcome: 'pending', wakeMs: 1_000, because: `incident ${keeper.id}, which holds it too, is ended as well` };
};
