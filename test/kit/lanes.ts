import { availableParallelism } from 'node:os';

/**
 * Begins all jobs, in this order, as many at once as there are processors. Returns the result of each: tests that are busy
 * in processes of their own need not wait for one another. A job that fails does not keep the others from beginning, and
 * is told by whoever awaits it.
 */
export const inLanes = <Job, T>(jobs: readonly Job[], work: (job: Job) => Promise<T>): ReadonlyMap<Job, Promise<T>> => {
  const free: Promise<unknown>[] = Array.from({ length: availableParallelism() }, () => Promise.resolve());
  return new Map(
    jobs.map((job) => {
      const done = (free.shift() ?? Promise.resolve()).then(() => work(job));
      free.push(done.catch(() => undefined));
      return [job, done];
    }),
  );
};
