import type { KubeObject } from '../kubernetes/object.ts';
import { keepExhibits, lateAfter, readKept } from './evidence.ts';
import type { StepContext, SubjectOf } from './step.ts';

/** How long a deletion may wait for the copy. */
const PATIENCE_MS = 5_000;
type Context = StepContext<SubjectOf<'workload'>>;

const folderOf = ({ incident, subject }: Context): string => `incidents/${incident.id}/${subject.uid}/workload`;
const fileOf = ({ subject: { owner } }: Context): string => `${owner.kind}-${owner.uid}.json`;

/**
 * Keeps the controller as it is before its deletion. The evidence of its pods has it too, but a controller may have no
 * pods, as a CronJob between two runs. Trouble here does not stop the deletion.
 */
export const keepWorkload = async (context: Context, controller: KubeObject | undefined): Promise<void> => {
  if (controller === undefined || context.dry) return;
  const copy = { name: fileOf(context), read: async () => controller };
  await keepExhibits(context.evidence, folderOf(context), [copy], lateAfter(context, PATIENCE_MS));
};

/** Where the deleted controller is kept, in words; or that it is not. */
export const keptText = async (context: Context): Promise<string> => {
  const key = `${folderOf(context)}/${fileOf(context)}`;
  const kept = await readKept(context, key);
  return kept === undefined ? 'no copy of it can be found in the evidence' : `what it was is kept as ${key}`;
};
