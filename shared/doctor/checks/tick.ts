import { functionName, TICK_JOB, topicName } from '../../deployment.ts';
import { msOf } from '../../model/time.ts';
import { fail, LATE_MS, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { DeployedJob } from '../readers.ts';

type Facts = { project: string; now: number; jobs: Array<DeployedJob & { location: string }> };

const judgeOne = (job: Facts['jobs'][number], { project, now }: Facts): Verdict => {
  const { name, location, state, schedule, lastAttemptAt, lastError } = job;
  const at = [`--location=${location}`, `--project=${project}`];
  const resume = command('gcloud', 'scheduler', 'jobs', 'resume', name, ...at);
  const run = command('gcloud', 'scheduler', 'jobs', 'run', name, ...at);
  if (state !== 'ENABLED') return fail(name, `is ${state}, so nothing that waits is continued`, resume);
  if (schedule !== '* * * * *') return fail(name, `runs at "${schedule}", not every minute`, APPLY);
  if (lastError !== undefined) return fail(name, `failed in its last run: ${lastError}`, run);
  if (lastAttemptAt === undefined) return fail(name, 'has never run', run);
  const late = now - msOf(lastAttemptAt);
  return late > LATE_MS
    ? fail(name, `last ran at ${lastAttemptAt}, ${Math.round(late / 60_000)} min ago`, run)
    : ok(name, 'runs every minute');
};

/** Checks the job that publishes `tick`. */
export const tick = ofProject<Facts>({
  id: 'tick',
  does: 'A job of Cloud Scheduler publishes to the topic tick every minute, and did so in the last five minutes. Without it, nobody continues steps that wait or work that a crash interrupted.',
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
      ? [fail(TICK_JOB, `does not exist, so nothing publishes to ${topicName('tick')}`, APPLY)]
      : ours.map((job) => judgeOne(job, facts));
  },
});
