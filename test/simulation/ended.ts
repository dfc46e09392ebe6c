import type { Transition } from '../../local/world/log.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { FindingRecord } from '../../shared/model/records.ts';
import { CONTAIN } from '../kit/containment.ts';
import type { Stage } from './stage.ts';

/** What an invariant holds against: the world's log, and at the end the documents. */
export type Ended = { stage: Stage; incidents: Incident[]; findings: FindingRecord[] };

/** Gives a sentence for each way in which it is broken; each begins with the number of section 12 of the design. */
export type Invariant = (ended: Ended) => string[];

/** What contain changed in the world. */
export const ours = (stage: Stage): readonly Transition[] => stage.world.log.by(CONTAIN);

/** Instance ids and node UIDs that an incident holds. */
export const hostIds = (i: Incident): string[] =>
  i.subjects.flatMap((s) => (s.kind === 'workload' || s.host === undefined ? [] : [s.host.id, s.host.nodeUid]));

/** Whether an incident holds an object: a pod, a controller, a node or a VM. */
export const holds = (i: Incident, uid: string): boolean =>
  hostIds(i).includes(uid) ||
  i.subjects.some((s) => s.uid === uid || (s.kind === 'pod' && s.owners.some((owner) => owner.uid === uid)));

/** Whether somebody else had a hand in an object. */
export const strangerTouched = (stage: Stage, uid: string): boolean =>
  stage.world.log.entries().some((t) => t.uid === uid && t.actor === 'stranger');
