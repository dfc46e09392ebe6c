import { z } from 'zod';
import { ComputeFault, invalid } from './fault.ts';
import type { ComputeState } from './state.ts';

/** One method of the API as the world answers it: who may call it, what it takes, what it does. */
export type Method = {
  /** IAM permissions that the caller needs, each on the project. */
  permissions: readonly string[];
  /** Answers with a body, or throws a ComputeFault. */
  run(state: ComputeState, actor: string, request: unknown): unknown;
};

/** Declares a method; a request that does not fit `schema` is a 400. */
export const method = <S extends z.ZodType>(
  permissions: readonly string[],
  schema: S,
  run: (state: ComputeState, actor: string, request: z.output<S>) => unknown,
): Method => ({
  permissions,
  run: (state, actor, request) => {
    const read = schema.safeParse(request);
    if (read.success) return run(state, actor, read.data);
    const issue = read.error.issues[0];
    if (issue === undefined) throw new ComputeFault(400, 'badRequest', 'Bad request');
    throw invalid(issue.path.join('.'), '', issue.message);
  },
});

export const zonal = { project: z.string(), zone: z.string() };
export const regional = { project: z.string(), region: z.string() };
export const global = { project: z.string() };
export const paging = {
  maxResults: z.number().optional(),
  pageToken: z.string().optional(),
  filter: z.string().optional(),
};
export const requestId = { requestId: z.string().optional() };
