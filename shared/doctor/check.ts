import type { CommonReaders, LocalReader, ProjectReader } from './readers.ts';

/** The result of examining one thing. A result other than `ok` carries the next command to type. */
export type Verdict =
  | { status: 'ok'; subject: string; says: string }
  | { status: 'warn' | 'fail'; subject: string; says: string; next: string };

/** A verdict for something that is as it should be. */
export const ok = (subject: string, says: string): Verdict => ({ status: 'ok', subject, says });
/** A verdict for something that works, but not as it should, such as a missing safeguard or work that was not done. */
export const warn = (subject: string, says: string, next: string): Verdict => ({ status: 'warn', subject, says, next });
/** A verdict for something that Firebreak promises and that does not hold. */
export const fail = (subject: string, says: string, next: string): Verdict => ({ status: 'fail', subject, says, next });

/** How long, in ms, what happens every minute may fail to. */
export const LATE_MS = 5 * 60_000;

/** The first of many names, and how many more there are: `a, b and 3 more`. */
export const briefly = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/**
 * What checks read from: the readers common to all deployments, and those of either a project or the stack on this
 * machine.
 */
export type DoctorPorts = CommonReaders & ({ project: ProjectReader } | { local: LocalReader });

/** One check: `read` reads what is there, and `judge`, which is pure, judges it. */
type CheckOf<Ports, Facts> = {
  id: string;
  /** For the references: what must be true, in one or two sentences. */
  does: string;
  /** The Google Cloud role that reading requires, where it requires one. */
  role?: string;
  read(ports: Ports): Promise<Facts>;
  judge(facts: Facts): Verdict[];
};

/**
 * A check that runs its own `read` and `judge`. `run` returns undefined where the check does not apply to the
 * deployment.
 */
export type Check = Pick<CheckOf<unknown, unknown>, 'id' | 'does' | 'role'> & {
  about: ReadonlyArray<'project' | 'local'>;
  run(ports: DoctorPorts): Promise<Verdict[]> | undefined;
};

type Made<Ports, Facts> = Check & CheckOf<Ports, Facts>;

/** A check of a deployed project. */
export const ofProject = <Facts>(
  check: CheckOf<CommonReaders & { project: ProjectReader }, Facts>,
): Made<CommonReaders & { project: ProjectReader }, Facts> => ({
  ...check,
  about: ['project'],
  run: (ports) => ('project' in ports ? check.read(ports).then((facts) => check.judge(facts)) : undefined),
});

/** A check of the stack on this machine. */
export const ofLocal = <Facts>(
  check: CheckOf<CommonReaders & { local: LocalReader }, Facts>,
): Made<CommonReaders & { local: LocalReader }, Facts> => ({
  ...check,
  about: ['local'],
  run: (ports) => ('local' in ports ? check.read(ports).then((facts) => check.judge(facts)) : undefined),
});

/** A check of either kind of deployment. */
export const ofBoth = <Facts>(check: CheckOf<CommonReaders, Facts>): Made<CommonReaders, Facts> => ({
  ...check,
  about: ['project', 'local'],
  run: (ports) => check.read(ports).then((facts) => check.judge(facts)),
});
