import type { Transition } from '../../local/world/log.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { FindingRecord } from '../../shared/model/records.ts';
import { CONTAIN } from '../kit/containment.ts';
import type { Stage } from './stage.ts';

/** What an invariant is checked against: the stage with the world's log, and the final documents. */
export type Ended = { stage: Stage; incidents: Incident[]; findings: FindingRecord[] };

/** Returns a sentence for each violation, beginning with the number of the promise in section 12 of the design. */
export type Invariant = (ended: Ended) => string[];

/** The changes that the function contain made in the world. */
export const ours = (stage: Stage): readonly Transition[] => stage.world.log.by(CONTAIN);

/** Instance ids and node UIDs of the hosts that an incident holds. */
export const hostIds = (i: Incident): string[] =>
  i.subjects.flatMap((s) => (s.kind === 'workload' || s.host === undefined ? [] : [s.host.id, s.host.nodeUid]));

/** Whether an incident holds an object: a pod, controller, node or VM. */
export const holds = (i: Incident, uid: string): boolean =>
  hostIds(i).includes(uid) ||
  i.subjects.some((s) => s.uid === uid || (s.kind === 'pod' && s.owners.some((owner) => owner.uid === uid)));

/** Objects whose uid an incident holds. Others (policies, rules, groups, pods of our own) are not told apart. */
const HELD = /^(Pod (?!firebreak\/)|Node |instances |Deployment |StatefulSet |DaemonSet |ReplicaSet |Job |CronJob )/;

/** Whether a release of this incident may have made a change: it holds the object, or objects of this kind are not held. */
export const mayUndo = (i: Incident, { object, uid }: Pick<Transition, 'object' | 'uid'>): boolean =>
  !HELD.test(object) || holds(i, uid);

/** Whether a stranger changed an object, after `since` in ms. */
export const strangerTouched = (stage: Stage, uid: string, since = 0): boolean =>
  stage.world.log.entries().some((t) => t.uid === uid && t.actor === 'stranger' && t.at > since);
