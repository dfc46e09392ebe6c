import { z } from 'zod';
import { picked } from '../picked.ts';
import type { StepContext } from './step.ts';
import { selectorMatches } from './verdicts/policy-allows.ts';

const service = z.looseObject({ selector: z.record(z.string(), z.string()).optional() });

/** The names of a namespace's Services that select pods with these labels. One without a selector selects none. */
export const servicesSelecting = async (
  { read }: Pick<StepContext, 'read'>,
  namespace: string,
  labels: Record<string, string>,
): Promise<string[]> => {
  return picked(read, { apiVersion: 'v1', kind: 'Service', namespace }, ({ metadata, spec }) => {
    const { selector } = service.parse(spec ?? {});
    const selects =
      selector !== undefined && Object.keys(selector).length > 0 && selectorMatches({ matchLabels: selector }, labels);
    return selects ? [metadata.name] : [];
  });
};
