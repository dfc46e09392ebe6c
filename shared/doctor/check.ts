import type { CommonReaders, LocalReader, ProjectReader } from './readers.ts';

/** How one thing is. What is not as it should be comes with the next command to type. */
export type Verdict =
  | { status: 'ok'; subject: string; says: string }
  | { status: 'warn' | 'fail'; subject: string; says: string; next: string };

export const ok = (subject: string, says: string): Verdict => ({ status: 'ok', subject, says });
/** It works, but not as it should: a safeguard is missing, or something was not done. */
export const warn = (subject: string, says: string, next: string): Verdict => ({ status: 'warn', subject, says, next });
/** Something that Firebreak promises does not hold. */
export const fail = (subject: string, says: string, next: string): Verdict => ({ status: 'fail', subject, says, next });

/** What the checks are handed: of a project, of the stack on this machine, or both in what they have in common. */
export type DoctorPorts = CommonReaders & ({ project: ProjectReader } | { local: LocalReader });

/** One thing that is looked at: reading it, and judging what was read, which is pure. */
export type CheckOf<Ports, Facts> = {
  id: string;
  /** For the references: what it holds against what, in one sentence. */
  does: string;
  /** The role of Google Cloud that reading needs, where it needs one. */
  role?: string;
  read(ports: Ports): Promise<Facts>;
  judge(facts: Facts): Verdict[];
};

/** A check with its facts fitted in; undefined: it is not about such a deployment. */
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

/** A check of either. */
export const ofBoth = <Facts>(check: CheckOf<CommonReaders, Facts>): Made<CommonReaders, Facts> => ({
  ...check,
  about: ['project', 'local'],
  run: (ports) => check.read(ports).then((facts) => check.judge(facts)),
});
