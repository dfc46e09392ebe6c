import { z } from 'zod';
import { ComputeFault, invalid } from './fault.ts';
import type { Trouble } from './script.ts';
import type { ComputeState } from './state.ts';

/** The caller of a method, and the troubles that the script has for this call. */
export type Caller = { actor: string; troubles: readonly Trouble[] };

/** One method of the simulated API: the permissions it needs, and the function that runs it. */
export type Method = {
  /** IAM permissions that the caller needs, each on the project. */
  permissions: readonly string[];
  /**
   * Returns the body of the answer, or throws a ComputeFault. `allowed` throws unless the caller holds the permissions.
   */
  run(state: ComputeState, caller: Caller, request: unknown, allowed: (on: string) => void): unknown;
};

/**
 * Declares a method. A request that does not fit `schema` gets a 400. `on` gives the partial URL named in a refusal by
 * IAM.
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

/** Request fields of zonal, regional and global methods, of listings and of changes. */
export const zonal = { project: z.string(), zone: z.string() };
export const regional = { project: z.string(), region: z.string() };
export const global = { project: z.string() };
/** The parameters of a listing. */
export const paging = {
  maxResults: z.number().exactOptional(),
  pageToken: z.string().exactOptional(),
  filter: z.string().exactOptional(),
};
/** The id of a change: a repeated change with the same id is the same operation. */
export const requestId = { requestId: z.string().exactOptional() };
