import { Denied, sentenceOf } from '../errors.ts';
import { type Check, type DoctorPorts, fail, type Verdict, warn } from './check.ts';
import { APPLY, command } from './next.ts';

/** What one check found. */
export type Examined = { check: string; verdicts: Verdict[] };

/** Something that cannot be read is reported as failed, never as well. */
const unread = (check: Check, ports: DoctorPorts, thrown: unknown): Verdict => {
  const says = `cannot be looked at: ${sentenceOf(thrown)}`;
  const subject = 'project' in ports ? ports.project.id : ports.local.project;
  if (!(thrown instanceof Denied) || check.role === undefined || !('project' in ports)) {
    return fail(subject, says, ports.ours('doctor'));
  }
  const me = '--member="user:$(gcloud config get account)"';
  const grant = command('gcloud', 'projects', 'add-iam-policy-binding', ports.project.id, `--role=${check.role}`);
  return fail(subject, says, `${grant} ${me}`);
};

/** A check that finds nothing to judge gives a warning, because a deployment without it is not well either. */
const nothing = (ports: DoctorPorts): Verdict =>
  warn('project' in ports ? ports.project.id : ports.local.project, 'has nothing to look at here', APPLY);

/**
 * Runs every check that applies, in the order of the registry. Never throws: a check whose facts cannot be read fails.
 * `looking` is called with the id of each check before it runs.
 */
export async function* examine(
  checks: readonly Check[],
  ports: DoctorPorts,
  looking: (check: string) => void = () => {},
): AsyncGenerator<Examined> {
  for (const check of checks) {
    const run = check.run(ports);
    if (run === undefined) continue;
    looking(check.id);
    const verdicts = await run.catch((thrown: unknown) => [unread(check, ports, thrown)]);
    yield { check: check.id, verdicts: verdicts.length > 0 ? verdicts : [nothing(ports)] };
  }
}
