import type { Incident } from '../../shared/model/incident.ts';
import { msOf } from '../../shared/model/time.ts';
import { type Ended, holds, type Invariant, isStranger, strangerCordoned } from './ended.ts';
import { restorableOf } from './restorable.ts';
import type { Stage } from './stage.ts';

/**
 * Whether an incident holds nothing any more: it was released, or it was closed and the next episode, which took over
 * its holds, holds nothing any more. An episode that was opened before the close, as after a release that was closed
 * half-way, takes nothing over.
 */
const isLetGo = (i: Incident, { stage, incidents }: Pick<Ended, 'stage' | 'incidents'>): boolean => {
  if (i.state === 'released' || i.goal === null) return true;
  const closed = stage.seen.words.find(({ incident, goal }) => incident === i.id && goal.tier === 'closed');
  const next = incidents.find(({ key, episode }) => key === i.key && episode === i.episode + 1);
  const isTaken = closed !== undefined && next !== undefined && msOf(next.openedAt) >= closed.at && next.goal !== null;
  return isTaken && isLetGo(next, { stage, incidents });
};

const isIn = (i: Incident, uid: string): boolean =>
  holds(i, uid) || i.subjects.some((s) => s.kind === 'pod' && s.namespaceUid === uid);

/**
 * Whether an entry records that addresses or disks of an object could not be restored, and ended while operations could
 * still fail for good.
 */
const isGivenUp = (stage: Stage, uid: string, incidents: readonly Incident[]): boolean =>
  incidents.some(({ journal }) =>
    journal.some(
      ({ step, uid: of, state, endedAt }) =>
        of === uid &&
        (step === 'remove-external-ip' || step === 'keep-disks') &&
        (state === 'not-undoable' || state === 'failed') &&
        endedAt !== undefined &&
        endedAt < stage.calmAt,
    ),
  );

/** Whether a stranger scaled a controller to what it is now. */
const isScaledTo = (stage: Stage, uid: string, replicas: string | undefined): boolean =>
  stage.world.log
    .entries()
    .some((t) => t.uid === uid && isStranger(t) && JSON.stringify(t.change['spec.replicas']?.to) === replicas);

/** Fields that strangers set for themselves: cordons. All others they only set back. */
const THEIRS = ['unschedulable', 'taints'];

/** Fields that an entry may record as not restored. */
const PARTLY = ['autoDelete', 'addresses'];

/**
 * 5: an object that no incident holds any more has the same fields as before its first incident. Strangers only set
 * back what we did, except for cordons and replicas, which are also their own.
 */
const asBefore: Invariant = ({ stage, incidents }) => {
  const now = restorableOf(stage);
  return [...stage.before].flatMap(([uid, { fields }]) => {
    const found = now.get(uid);
    const on = incidents.filter((i) => isIn(i, uid));
    if (found === undefined || on.length === 0) return [];
    if (!on.every((i) => isLetGo(i, { stage, incidents }))) return [];
    return Object.entries(fields).flatMap(([field, was]) => {
      const is = found.fields[field];
      // A release gives up a step that is denied for longer than 15 minutes, and records that. Then a node stays cut
      // off.
      if (stage.rights.long === true && (found.what.startsWith('VM ') || field === 'taints')) return [];
      const isExcused =
        (PARTLY.includes(field) && isGivenUp(stage, uid, on)) ||
        (THEIRS.includes(field) && strangerCordoned(stage, uid)) ||
        (field === 'replicas' && isScaledTo(stage, uid, is));
      return is === was || isExcused ? [] : [`5: ${found.what} ${field} is ${is} after the last release, was ${was}`];
    });
  });
};

/** What a release must restore. */
export const RESTORED: readonly Invariant[] = [asBefore];
