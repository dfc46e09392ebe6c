import { containRbac } from '../../containment/rights.ts';
import { DEFAULT_SETTINGS } from '../../containment/settings.ts';
import { accountEmail, functionName } from '../../deployment.ts';
import { sentenceOf } from '../../errors.ts';
import { credentialsWords } from '../../kubernetes/kube-context.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { type Manifest, rbacManifests } from '../../kubernetes/rbac-manifests.ts';
import { byFunction, type ClusterFunction } from '../../kubernetes/rbac-roles.ts';
import { type ClusterRef, clusterName } from '../../model/target.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { differenceOf } from '../difference.ts';
import { command } from '../next.ts';
import type { Expected } from '../readers.ts';
import { deployed, servedBy } from '../served.ts';

type Account = { email: string; id: string | undefined };
type Accounts = Readonly<Record<ClusterFunction, Account>>;
type Seen = { ref: ClusterRef; live: Array<KubeObject | undefined> | string };
type Facts = { project: string; expected: Expected; accounts: Accounts; seen: Seen[] };

const manifestsFor = (expected: Expected, users: Readonly<Record<ClusterFunction, readonly string[]>>): Manifest[] =>
  rbacManifests({
    steps: containRbac(expected),
    users,
    owners: expected.owners,
    ownNamespace: DEFAULT_SETTINGS.namespace,
    protectedNamespaces: expected.protectedNamespaces,
  });

/**
 * The names of each function in bindings: its e-mail address and, if the applied bindings contain it, also its numeric
 * id.
 */
const usersIn = (live: ReadonlyArray<KubeObject | undefined>, accounts: Accounts) => {
  return byFunction((name): readonly string[] => {
    const { email, id } = accounts[name];
    const binding = live.find((one) => one?.kind === 'ClusterRoleBinding' && one.metadata.name === functionName(name));
    const subjects = JSON.stringify(binding?.subjects ?? []);
    return id !== undefined && subjects.includes(JSON.stringify(id)) ? [email, id] : [email];
  });
};

const nameOf = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;

/** The command that prints the objects that should exist, with both names of each function. */
const rbacCommand = (
  project: string,
  { owners, protectedNamespaces, deleting }: Expected,
  accounts: Accounts,
): string =>
  command(
    'firebreak',
    'rbac',
    '--project',
    project,
    ...Object.entries(accounts).flatMap(([name, { id }]) => (id === undefined ? [] : ['--user', `${name}=${id}`])),
    ...owners.flatMap(({ group, resource }) => ['--owner', `${group}/${resource}`]),
    ...protectedNamespaces.flatMap((one) => ['--protect', one]),
    ...(deleting ? [] : ['--no-deleting']),
  );

const judgeOne = ({ ref, live }: Seen, { project, expected, accounts }: Facts): Verdict[] => {
  const subject = clusterName(ref);
  const credentials = command(...credentialsWords(ref));
  const next = `${credentials} && ${rbacCommand(project, expected, accounts)} | kubectl apply -f -`;
  if (typeof live === 'string') return [fail(subject, live, credentials)];
  const wanted = manifestsFor(expected, usersIn(live, accounts));
  const verdicts = wanted.flatMap((manifest, at): Verdict[] => {
    const found = live[at];
    if (found === undefined) return [fail(subject, `${nameOf(manifest)} is missing`, next)];
    const where = differenceOf(manifest, found);
    return where === undefined
      ? []
      : [fail(subject, `${nameOf(manifest)} differs from what \`firebreak rbac\` prints (${where})`, next)];
  });
  return verdicts.length > 0 ? verdicts : [ok(subject, `${wanted.length} objects as \`firebreak rbac\` prints them`)];
};

/** Checks the rights of our functions in each cluster. */
export const clusterAccess = ofProject<Facts>({
  id: 'cluster-access',
  does: 'The roles, bindings and admission policy in each cluster are exactly those that `firebreak rbac` prints.',
  role: 'roles/container.viewer',
  read: async ({ project, expected }) => {
    const functions = await project.functions();
    const accountOf = async (name: ClusterFunction): Promise<Account> => {
      const email = deployed(functions, name)?.account ?? accountEmail(functionName(name), project.id);
      return { email, id: await project.accountId(email) };
    };
    const [contain, decide, operate, cryptomining] = await Promise.all([
      accountOf('contain'),
      accountOf('decide'),
      accountOf('operate'),
      accountOf('detect-cryptomining'),
    ]);
    const accounts = { contain, decide, operate, 'detect-cryptomining': cryptomining };
    const wanted = manifestsFor(
      expected,
      byFunction((name) => [accounts[name].email]),
    );
    const served = servedBy(functions);
    const ports = project.clusters(served);
    const seen = await Promise.all(
      served.map(async (ref): Promise<Seen> => {
        try {
          const reader = ports.reader(ref);
          const refs = wanted.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
            apiVersion,
            kind,
            name,
            ...(namespace === undefined ? {} : { namespace }),
          }));
          return { ref, live: await Promise.all(refs.map((one) => reader.get(one))) };
        } catch (thrown) {
          return { ref, live: sentenceOf(thrown) };
        }
      }),
    );
    return { project: project.id, expected, accounts, seen };
  },
  judge: (facts) => facts.seen.flatMap((one) => judgeOne(one, facts)),
});
