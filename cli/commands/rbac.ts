import type { Command } from 'commander';
import { stringify } from 'yaml';
import { containRbac } from '../../shared/containment/rights.ts';
import { DEFAULT_SETTINGS } from '../../shared/containment/settings.ts';
import { accountEmail, functionName } from '../../shared/deployment.ts';
import { isEmail, isProjectId } from '../../shared/kubernetes/names.ts';
import { rbacManifests } from '../../shared/kubernetes/rbac-manifests.ts';
import { byFunction, CLUSTER_FUNCTIONS, type ClusterFunction } from '../../shared/kubernetes/rbac-roles.ts';
import { Usage } from '../arguments.ts';
import type { Io } from '../io.ts';
import { type AccessFlags, accessOf, checked, collected, withAccessOptions } from '../rbac-flags.ts';

const EXAMPLES = `
Examples:
  firebreak rbac --project p1 | kubectl apply -f -       by the e-mail addresses of the service accounts of project p1
  firebreak rbac --project p1 --user contain=104857600000000000001 --user decide=104857600000000000002
                                                         and by their numeric ids, as some tokens show them:
                                                         gcloud iam service-accounts describe EMAIL --format 'value(uniqueId)'
  firebreak rbac --project p1 --owner argoproj.io/rollouts
                                                         for workloads of a custom kind too
  firebreak rbac --project p1 --no-deleting              so that contain can delete no workload

What it grants is what the steps of this version declare; see docs/kubernetes-access.md.`;

type Flags = AccessFlags & { project?: string; user: string[]; json?: boolean };

/** `firebreak rbac`: the Kubernetes roles, bindings and admission policy that a cluster needs. */
export const rbacCommand = (program: Command, io: Io): void => {
  withAccessOptions(
    program
      .command('rbac')
      .description('the Kubernetes roles, bindings and admission policy that our functions need, for kubectl apply')
      .option(
        '-p, --project <project>',
        'the project of the deployment: its service accounts are bound by e-mail address',
      )
      .option(
        '--user <function=user>',
        'another e-mail address, or the numeric id, of a service account; may repeat',
        collected,
        [],
      ),
  )
    .option('--json', 'one List as JSON instead of YAML documents')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => {
      const { owners, protectedNamespaces, deleting } = accessOf(flags);
      const items = rbacManifests({
        steps: containRbac({ deleting }),
        users: usersOf(flags, io),
        owners,
        ownNamespace: DEFAULT_SETTINGS.namespace,
        protectedNamespaces,
      });
      io.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`
          : items.map((item) => `---\n${stringify(item, { lineWidth: 120 })}`).join(''),
      );
    });
};

const isFunction = (name: string): name is ClusterFunction => CLUSTER_FUNCTIONS.some((known) => known === name);

const userOf = (text: string): [ClusterFunction, string] => {
  const [name = '', user = ''] = text.split(/=(.*)/s);
  if (!isFunction(name)) {
    throw new Usage(
      `--user ${JSON.stringify(text.slice(0, 80))}: write FUNCTION=USER, of ${CLUSTER_FUNCTIONS.join(', ')}.`,
    );
  }
  return [name, checked('e-mail address or numeric id', user, (u) => isEmail(u) || /^\d{6,30}$/.test(u))];
};

/** The users of each function. An e-mail address given for a function replaces the one derived from the project. */
const usersOf = ({ project, user }: Flags, io: Io): Record<ClusterFunction, string[]> => {
  const given = user.map(userOf);
  if (project !== undefined) checked('project id', project, isProjectId);
  const missing: string[] = [];
  const users = (name: ClusterFunction): string[] => {
    const named = given.flatMap(([of, one]) => (of === name ? [one] : []));
    if (named.some(isEmail)) return named;
    if (project === undefined) missing.push(name);
    return [accountEmail(functionName(name), project ?? 'PROJECT'), ...named];
  };
  const all = byFunction(users);
  if (missing.length > 0) {
    const accounts = missing.join(', ');
    io.stderr.write(`firebreak: PROJECT stands in the accounts of ${accounts}: name the project with --project.\n`);
  }
  return all;
};
