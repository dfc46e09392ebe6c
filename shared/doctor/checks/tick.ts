import { functionName, TICK_JOB, topicName } from '../../deployment.ts';
import { msOf } from '../../model/time.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { DeployedJob } from '../readers.ts';

type Facts = { project: string; now: number; jobs: Array<DeployedJob & { location: string }> };

const LATE_MS = 5 * 60_000;

const judgeOne = (job: Facts['jobs'][number], { project, now }: Facts): Verdict => {
  const { name, location, state, schedule, lastAttemptAt, lastError } = job;
  const at = [`--location=${location}`, `--project=${project}`];
  const resume = command('gcloud', 'scheduler', 'jobs', 'resume', name, ...at);
  const run = command('gcloud', 'scheduler', 'jobs', 'run', name, ...at);
  if (state !== 'ENABLED') return fail(name, `is ${state}: nothing that waits goes on`, resume);
  if (schedule !== '* * * * *') return fail(name, `runs at "${schedule}", not every minute`, APPLY);
  if (lastError !== undefined) return fail(name, `failed the last time: ${lastError}`, run);
  if (lastAttemptAt === undefined) return fail(name, 'has never run', run);
  const late = now - msOf(lastAttemptAt);
  return late > LATE_MS
    ? fail(name, `ran last at ${lastAttemptAt}, ${Math.round(late / 60_000)} min ago`, run)
    : ok(name, 'runs every minute');
};

/** Checks the job that publishes `tick`. */
export const tick = ofProject<Facts>({
  id: 'tick',
  does: 'A job of Cloud Scheduler publishes to tick every minute, and did so recently: it resumes work that waits or was left by a crash.',
  role: 'roles/cloudscheduler.viewer',
  read: async ({ project, now }) => {
    const ours = (await project.functions()).filter(({ name }) => name === functionName('operate'));
    const locations = [...new Set(ours.map(({ location }) => location))];
    const found = await Promise.all(
      locations.map(async (location) => (await project.jobs(location)).map((job) => ({ ...job, location }))),
    );
    return { project: project.id, now: now(), jobs: found.flat() };
  },
  judge: (facts) => {
    const topic = `projects/${facts.project}/topics/${topicName('tick')}`;
    const ours = facts.jobs.filter((job) => job.topic === topic);
    return ours.length === 0
      ? [fail(TICK_JOB, `is not there: nothing publishes to ${topicName('tick')}`, APPLY)]
      : ours.map((job) => judgeOne(job, facts));
  },
});
