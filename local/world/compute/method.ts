import { z } from 'zod';
import { ComputeFault, invalid } from './fault.ts';
import type { Trouble } from './script.ts';
import type { ComputeState } from './state.ts';

/** Who calls, and what trouble the script has for this call. */
export type Caller = { actor: string; troubles: readonly Trouble[] };

/** One method of the API as the world answers it: who may call it, what it takes, what it does. */
export type Method = {
  /** IAM permissions that the caller needs, each on the project. */
  permissions: readonly string[];
  /** Answers with a body, or throws a ComputeFault. `allowed` throws unless the caller holds the permissions. */
  run(state: ComputeState, caller: Caller, request: unknown, allowed: (on: string) => void): unknown;
};

/**
 * Declares a method; a request that does not fit `schema` is a 400. `on` gives the partial URL that a refusal by
 * IAM names.
 */
export const method = <T>(
  permissions: readonly string[],
  schema: z.ZodType<T>,
  on: (request: T) => string,
  run: (state: ComputeState, caller: Caller, request: T) => unknown,
): Method => ({
  permissions,
  run: (state, caller, request, allowed) => {
    const read = schema.safeParse(request);
    if (read.success) {
      allowed(on(read.data));
      return run(state, caller, read.data);
    }
    const issue = read.error.issues[0];
    if (issue === undefined) throw new ComputeFault(400, 'badRequest', 'Bad request');
    throw invalid(issue.path.join('.'), '', issue.message);
  },
});

/** What requests of a zonal, a regional, a global method name; of a listing; of a change. */
export const zonal = { project: z.string(), zone: z.string() };
export const regional = { project: z.string(), region: z.string() };
export const global = { project: z.string() };
export const paging = {
  maxResults: z.number().exactOptional(),
  pageToken: z.string().exactOptional(),
  filter: z.string().exactOptional(),
};
/** How a change may be named, so that the same one again is the same operation. */
export const requestId = { requestId: z.string().exactOptional() };
