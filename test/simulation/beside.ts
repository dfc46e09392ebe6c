import type { Chance } from './chance.ts';
import type { Given } from './course.ts';
import { daysLate, oneRight, unreachable } from './courses-calls.ts';
import { keepsMaking, namespaceGoes, poolGoes, remade } from './courses-cluster.ts';
import { clearedAway, drainedByHand, gitOps, sharedNode } from './courses-people.ts';
import { replacedController, rolledOut } from './courses-rollout.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

const PARTS: ReadonlyArray<(given: Given) => Event[]> = [
  remade,
  remade,
  rolledOut,
  replacedController,
  keepsMaking,
  namespaceGoes,
  poolGoes,
  gitOps,
  gitOps,
  drainedByHand,
  clearedAway,
  sharedNode,
  sharedNode,
  oneRight,
  unreachable,
  daysLate,
];

/** The share of plays that have one of these courses. */
const SHARE = 0.25;

/**
 * Courses that begin beside Firebreak: in the cluster, by people and their tools, and on the way of calls and messages.
 * They have a chance of their own, so that the plays without them stay as they are.
 */
export const besideOf = (victims: readonly Victim[], all: readonly Victim[], chance: Chance): Event[] =>
  chance.happens(SHARE) ? chance.pick(PARTS)({ chance, victims, all }) : [];
