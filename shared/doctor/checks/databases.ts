import { DATABASES } from '../../deployment.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { DeployedDatabase } from '../readers.ts';

type Facts = { there: DeployedDatabase[] };

const judgeOne = (name: string, there: readonly DeployedDatabase[]): Verdict[] => {
  const found = there.find((one) => one.name === name);
  if (found === undefined) return [fail(name, 'is not there', APPLY)];
  if (found.type !== 'FIRESTORE_NATIVE') return [fail(name, `is in ${found.type} mode, not in Native mode`, APPLY)];
  const unprotected = found.deleteProtection
    ? []
    : [warn(name, 'can be deleted by mistake: its delete protection is off', APPLY)];
  const verdicts = [
    ...unprotected,
    ...(found.pointInTime || name !== DATABASES.incidents
      ? []
      : [warn(name, 'cannot be brought back to an earlier time: point-in-time recovery is off', APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(name, 'there, in Native mode')];
};

/** The Firestore databases. */
export const databases = ofProject<Facts>({
  id: 'databases',
  does: 'The Firestore databases are there, in Native mode, and protected from being deleted.',
  role: 'roles/datastore.viewer',
  read: async ({ project }) => ({ there: await project.databases() }),
  judge: ({ there }) => Object.values(DATABASES).flatMap((name) => judgeOne(name, there)),
});
