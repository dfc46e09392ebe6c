import { z } from 'zod';
import { parseComputeUrl, resourceName } from '../compute-url.ts';
import { Exhausted, Malformed } from '../errors.ts';
import { jsonOf } from '../json.ts';
import type { Changed, ComputeReader, Made, Operation } from '../model/compute.ts';
import type { Entry } from '../model/entry.ts';
import { requestIdOf } from './request-id.ts';
import type { Applied, Undone } from './step.ts';
import { Stopped } from './stopped.ts';

/** One change to Compute Engine within a step. `key` is unique within the step, and is kept in the journal. */
export type Task = { key: string; send(requestId: string): Promise<Changed | Made> };

/** A step's operations as the journal keeps them: for each task its attempt, the URL of its operation, and its end. */
const tracked = z.record(
  z.string(),
  z.object({
    attempt: z.number().int(),
    url: z.string().optional(),
    end: z.enum(['done', 'gone', 'exists', 'failed']).optional(),
    error: z.string().optional(),
  }),
);
type Tracked = z.infer<typeof tracked>;
type Track = Tracked[string];

/** With `RETRY_MS` between attempts: 15 minutes, in which IAM may lift a denial, or a quota become free. */
const MOST_ATTEMPTS = 30;
const RETRY_MS = 30_000;
/** How long a step waits until it looks again at an operation that runs. */
export const OPERATION_POLL_MS = 2_000;

/** The operations of an entry; empty where it has begun none. */
export const trackedOf = (entry: Pick<Entry, 'operation'>): Tracked =>
  entry.operation === undefined ? {} : tracked.parse(JSON.parse(entry.operation));

/** The URL of a task's operation, if that was sent and its end has not been seen. */
const openUrl = ({ url, end }: Track): string | undefined => (end === undefined ? url : undefined);

/** The URLs of an entry's operations whose end has not been seen; empty for a step that begins no operations. */
const openOperations = ({ operation }: Pick<Entry, 'operation'>): string[] => {
  const read = operation === undefined ? undefined : tracked.safeParse(jsonOf(operation));
  return Object.values(read?.data ?? {}).flatMap((track) => openUrl(track) ?? []);
};

/** Whether a task of an entry was sent, and the end of its operation has not been seen. */
export const isUnderWay = (entry: Pick<Entry, 'operation'>, key: string): boolean => {
  const track = trackedOf(entry)[key];
  return track !== undefined && openUrl(track) !== undefined;
};

/**
 * Whether the entry knows of no request of its own that has done a task: somebody else has, or a request under an
 * earlier goal, or one whose answer was lost.
 */
export const isUntold = (entry: Pick<Entry, 'operation'>, key: string): boolean => {
  const track = trackedOf(entry)[key];
  return track?.url === undefined || track.end === 'gone';
};

/** Whether an operation of an entry is still running, as far as the journal knows its operations. */
export const isRunning = async (compute: Pick<ComputeReader, 'operation'>, entry: Entry): Promise<boolean> => {
  const found = await Promise.all(openOperations(entry).map((url) => compute.operation(url)));
  return found.some((operation) => operation !== undefined && !operation.done);
};

const ended = (track: Track, answer: Changed | Made): Track => {
  if (answer === 'gone' || answer === 'exists') return { ...track, end: answer };
  if (!answer.done) return { ...track, url: answer.url };
  return answer.error === undefined ? { ...track, url: answer.url, end: 'done' } : refused(track, answer);
};

/** The track after its operation. Only an operation DONE with an error leads to a new attempt, with a new requestId. */
const refused = (track: Track, { error }: Operation): Track => {
  if (error === undefined) return { ...track, end: 'done' };
  const message = error.code === REFUSED ? error.message : `${error.code}: ${error.message}`;
  if (error.means === 'gone') return { ...track, end: 'gone' };
  const { url: _, ...rest } = track;
  return error.means === 'malformed' || track.attempt >= MOST_ATTEMPTS
    ? { ...rest, end: 'failed', error: message }
    : { ...rest, attempt: track.attempt + 1, error: message };
};

/** The code of a call that was refused: there is no operation, and so no code of the service. */
const REFUSED = 'REFUSED';

const refusedAs = ({ message }: Error, means: 'malformed' | 'transient'): Changed => ({
  url: '',
  status: 'DONE',
  done: true,
  error: { code: REFUSED, message, means },
});

/**
 * A refusal of this task alone, as an operation that ended with that error: for good, or for want of quota, which
 * counts as an attempt.
 */
const refusal = (thrown: unknown): Changed => {
  if (thrown instanceof Exhausted) return refusedAs(thrown, 'transient');
  if (thrown instanceof Malformed) return refusedAs(thrown, 'malformed');
  throw thrown;
};

const forward = async (compute: ComputeReader, entry: Entry, task: Task, track: Track): Promise<Track> => {
  if (track.end !== undefined) return track;
  if (track.url === undefined) {
    const requestId = requestIdOf(entry.requestId ?? '', task.key, String(track.attempt));
    return ended(track, await task.send(requestId).catch(refusal));
  }
  const operation = await compute.operation(track.url);
  // The service has forgotten the operation. The step itself looks at the world to see whether it was done.
  return operation === undefined ? { ...track, end: 'done' } : ended(track, operation);
};

/** What is said of a task: its key and its error, unless the error names the resource that is the key. */
const said = (key: string, error: string): string =>
  parseComputeUrl(key) !== undefined && error.split(/[^a-z0-9-]+/).includes(resourceName(key))
    ? error
    : `${resourceName(key)}: ${error}`;

/** State of a step's tasks. `errors`: of attempts that will be repeated; `failures`: of tasks that will not. */
export type Advanced = { open: boolean; errors: string[]; failures: string[]; operation: string };

/**
 * Sends the tasks that were not sent, and polls the operations of the others, all in parallel. A task keeps its
 * requestId until its operation has failed, so that a repeat after a crash is the same request. Throws whatever else
 * sending throws, once no call is on its way any more.
 */
export const advance = async (compute: ComputeReader, entry: Entry, tasks: readonly Task[]): Promise<Advanced> => {
  const known = trackedOf(entry);
  const ends = await Promise.allSettled(
    tasks.map(
      async (task): Promise<[string, Track]> => [
        task.key,
        await forward(compute, entry, task, known[task.key] ?? { attempt: 1 }),
      ],
    ),
  );
  const thrown: unknown[] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (thrown.length > 0) throw thrown.find((each) => each instanceof Stopped) ?? thrown[0];
  const moved = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  return {
    open: moved.some(([, track]) => track.end === undefined),
    errors: moved.flatMap(([key, track]) =>
      track.end === undefined && track.url === undefined && track.error !== undefined ? [said(key, track.error)] : [],
    ),
    failures: moved.flatMap(([key, track]) => (track.end === 'failed' ? [said(key, track.error ?? 'failed')] : [])),
    operation: JSON.stringify({ ...known, ...Object.fromEntries(moved) }),
  };
};

/** The answer of a step, or of its undo, while operations run, or wait to be tried again. */
export const waiting = (advanced: Advanced, because: string): Extract<Applied & Undone, { outcome: 'pending' }> => ({
  outcome: 'pending',
  wakeMs: advanced.errors.length === 0 ? OPERATION_POLL_MS : RETRY_MS,
  because: [because, ...advanced.errors].join('; '),
  operation: advanced.operation,
});
