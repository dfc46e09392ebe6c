import { Denied, sentenceOf } from '../errors.ts';
import { type Check, type DoctorPorts, fail, type Verdict, warn } from './check.ts';
import { APPLY, command } from './next.ts';

/** What one check found. */
export type Examined = { check: string; verdicts: Verdict[] };

/** What cannot be looked at is not said to be well. */
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

/** Where nothing is deployed there is nothing to judge, which is not well either. */
const nothing = (ports: DoctorPorts): Verdict =>
  warn('project' in ports ? ports.project.id : ports.local.project, 'has nothing to look at here', APPLY);

/**
 * Looks at everything that there is to look at, in the order of the registry. Never throws: what cannot be read fails its
 * check. `looking` is told which one is next.
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
