import { alike } from '../alike.ts';
import type { Before, Captured, StepContext } from './step.ts';

/**
 * What `capture` reads now, where others have changed the object since its before-image was read; undefined where it is
 * as it was, which is `seen`. Only for an object without a mark: nothing that was sent for the step has reached it, so a
 * release must restore what is there now. A change that had been in force before keeps its image, and so does one with
 * the `mark` of another incident: what is there is then what that one made, or what people left of it. A step that
 * insists keeps the image of its last try, a moment ago.
 */
export const changedMeanwhile = async (
  { entry, insists }: Pick<StepContext, 'entry' | 'insists'>,
  mark: string | undefined,
  before: Before,
  seen: Before,
  capture: () => Promise<Captured>,
): Promise<Captured | undefined> => {
  if (mark !== undefined || entry.anew === true || insists || alike(before, seen)) return undefined;
  const now = await capture();
  // An image that another incident had read differs from what is there, and is still the one to restore.
  return now.outcome === 'captured' && alike(now.before, before) ? undefined : now;
};
