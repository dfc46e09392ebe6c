import { Denied, sentenceOf } from '../errors.ts';
import { type Check, type DoctorPorts, fail, type Verdict, warn } from './check.ts';
import { APPLY, command } from './next.ts';

/** The verdicts of one check. */
export type Examined = { check: string; verdicts: Verdict[] };

const subjectOf = (ports: DoctorPorts): string => ('project' in ports ? ports.project.id : ports.local.project);

/** The verdict for a check whose facts cannot be read: it fails, because nothing shows that all is well. */
const unread = (check: Check, ports: DoctorPorts, thrown: unknown): Verdict => {
  const says = `cannot be read: ${sentenceOf(thrown)}`;
  const subject = subjectOf(ports);
  if (!(thrown instanceof Denied) || check.role === undefined || !('project' in ports)) {
    return fail(subject, says, ports.ours('doctor'));
  }
  const me = '--member="user:$(gcloud config get account)"';
  const grant = command('gcloud', 'projects', 'add-iam-policy-binding', ports.project.id, `--role=${check.role}`);
  return fail(subject, says, `${grant} ${me}`);
};

/** The verdict for a check that has nothing to judge: a warning, because something is missing in the deployment. */
const nothing = (ports: DoctorPorts): Verdict =>
  warn(subjectOf(ports), 'has nothing that this check could examine', APPLY);

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
