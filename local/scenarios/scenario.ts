import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { World } from '../world/world.ts';

/** One message of a story: published `afterMs` after the one before it. */
export type ScenarioEvent = { afterMs: number; topic: Topic; body: unknown; attributes?: Record<string, string> };

/** A story that is played against a local stack: its messages, and how it must end. */
export type Scenario = {
  /** The id, which is also the file's name and the argument of `firebreak demo`. */
  id: string;
  title: string;
  /** The story for a person who sees it for the first time, one sentence each. */
  story: readonly string[];
  /** The messages. Made when the stack is up, since they name objects of the world. `now` in ms since the epoch. */
  events(world: World, now: number): ScenarioEvent[];
  /** Path of a policy file, if not the shipped one. */
  policy?: string;
  /** What is still missing from the expected end, one sentence each; empty once the story has ended. */
  missing(incidents: readonly Incident[]): string[];
};
