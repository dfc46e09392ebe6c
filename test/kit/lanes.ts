import { availableParallelism } from 'node:os';

/**
 * Begins all jobs in this order, each as soon as one of `lanes` is free: tests that are busy in processes of their own
 * need not wait for one another. Gives the result of a job when asked for it, and throws for one that is none of them.
 * A job that fails does not keep the others from beginning, and is told by whoever awaits it.
 */
export const inLanes = <Job, T>(
  jobs: readonly Job[],
  work: (job: Job) => Promise<T>,
  lanes = availableParallelism(),
): ((job: Job) => Promise<T>) => {
  const results = new Map(jobs.map((job) => [job, Promise.withResolvers<T>()]));
  for (const { promise } of results.values()) promise.catch(() => undefined);
  const left = results.entries();
  const lane = async (): Promise<void> => {
    for (const [job, { resolve, reject }] of left) await work(job).then(resolve, reject);
  };
  for (let at = 0; at < lanes; at += 1) void lane();
  return async (job) => {
    const result = results.get(job);
    if (result === undefined) throw new Error(`${String(job)} is none of the jobs`);
    return result.promise;
  };
};
