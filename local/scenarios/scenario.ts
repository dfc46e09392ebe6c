import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { World } from '../world/world.ts';

/** One message of a story: published `afterMs` after the one before it. */
export type ScenarioEvent = { afterMs: number; topic: Topic; body: unknown; attributes?: Record<string, string> };

/** A story that is played against a local stack: who does what, and how it must end. */
export type Scenario = {
  /** Also the file's name and the argument of `firebreak demo`. */
  id: string;
  title: string;
  /** What happens, for a person who sees it for the first time; a sentence each. */
  story: readonly string[];
  /** The messages, made when the stack is up: they name what is in the world. `now` in ms since the epoch. */
  events(world: World, now: number): ScenarioEvent[];
  /** Path of a policy file, where it is not the one that is shipped. */
  policy?: string;
  /** What is still missing from the expected end, a sentence each; empty once the story has ended. */
  missing(incidents: readonly Incident[]): string[];
};
