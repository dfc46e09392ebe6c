import { COLLECTIONS, DATABASES } from '../../deployment.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { DeployedDatabase } from '../readers.ts';

type Facts = { there: DeployedDatabase[] };

const judgeOne = (id: keyof typeof DATABASES, there: readonly DeployedDatabase[]): Verdict[] => {
  const name = DATABASES[id];
  const found = there.find((one) => one.name === name);
  if (found === undefined) return [fail(name, 'does not exist', APPLY)];
  if (found.type !== 'FIRESTORE_NATIVE') return [fail(name, `is in ${found.type} mode, not in Native mode`, APPLY)];
  const unprotected = found.deleteProtection
    ? []
    : [warn(name, 'has its delete protection off, so it can be deleted by mistake', APPLY)];
  const kept = COLLECTIONS[id].filter((collection) => !found.expiring.includes(collection));
  const verdicts = [
    ...unprotected,
    ...(found.pointInTime || name !== DATABASES.incidents
      ? []
      : [warn(name, 'has point-in-time recovery off, so it cannot be restored to an earlier time', APPLY)]),
    ...(kept.length === 0
      ? []
      : [warn(name, `keeps documents for ever: no time to live on expireAt in ${kept.join(', ')}`, APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(name, 'exists, in Native mode')];
};

/** Checks the Firestore databases. */
export const databases = ofProject<Facts>({
  id: 'databases',
  does: 'The Firestore databases exist, in Native mode, are protected against deletion, and delete expired documents.',
  role: 'roles/datastore.viewer',
  read: async ({ project }) => ({ there: await project.databases() }),
  judge: ({ there }) => (['incidents', 'memory'] as const).flatMap((id) => judgeOne(id, there)),
});
