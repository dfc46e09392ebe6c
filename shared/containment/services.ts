import { z } from 'zod';
import type { StepContext } from './step.ts';
import { selectorMatches } from './verdicts/policy-allows.ts';

const service = z.looseObject({ selector: z.record(z.string(), z.string()).optional() });

/** The names of a namespace's Services that select pods with these labels. One without a selector selects none. */
export const servicesSelecting = async (
  { read }: Pick<StepContext, 'read'>,
  namespace: string,
  labels: Record<string, string>,
): Promise<string[]> => {
  const services = await read.list({ apiVersion: 'v1', kind: 'Service', namespace });
  return services
    .filter(({ spec }) => {
      const { selector } = service.parse(spec ?? {});
      return (
        selector !== undefined && Object.keys(selector).length > 0 && selectorMatches({ matchLabels: selector }, labels)
      );
    })
    .map(({ metadata }) => metadata.name);
};
