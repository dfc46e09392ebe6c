import { ACCESS } from '../../access.ts';
import { projectOfNetwork } from '../../containment/quarantine-rules.ts';
import { functionName, topicName } from '../../deployment.ts';
import { FUNCTIONS, type FunctionName } from '../../model/ids.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { type Held, heldBy, missing, surplus } from '../granted.ts';
import { networksOf } from '../networks.ts';
import { APPLY, command } from '../next.ts';
import type { Binding, DeployedFunction } from '../readers.ts';

type Facts = { project: string; identities: Identity[] };
type Identity = { name: FunctionName; account: string; held: Held[]; publishers: ReadonlyMap<string, Binding[]> };

const SHOWN = 4;
const briefly = (all: readonly string[]): string =>
  all.length <= SHOWN ? all.join(', ') : `${all.slice(0, SHOWN).join(', ')} and ${all.length - SHOWN} more`;

const PUBLISHER = 'roles/pubsub.publisher';

const tooMuch = (
  project: string,
  account: string,
  { held, permissions }: ReturnType<typeof surplus>[number],
): Verdict => {
  const { role, on, condition } = held;
  const where = on === 'project' ? '' : ` (${on})`;
  const says = `may do more than it needs by ${role}${where}: ${briefly(permissions)}`;
  if (on !== 'project') return fail(account, says, APPLY);
  const remove = command(
    'gcloud',
    'projects',
    'remove-iam-policy-binding',
    project,
    `--member=serviceAccount:${account}`,
    `--role=${role}`,
    ...(condition === undefined ? ['--condition=None'] : ['--all']),
  );
  return fail(account, says, remove);
};

const judgeOne = (project: string, { name, account, held, publishers }: Identity): Verdict[] => {
  const access = ACCESS[name];
  const lacks = missing(access, held);
  const mute = access.publishes
    .map(topicName)
    .filter(
      (topic) =>
        !(publishers.get(topic) ?? []).some(
          ({ role, members }) => role === PUBLISHER && members.includes(`serviceAccount:${account}`),
        ),
    );
  const unread = held.filter(({ permissions }) => permissions === undefined).map(({ role }) => role);
  const verdicts = [
    ...(lacks.length === 0
      ? []
      : [fail(account, `lacks ${briefly(lacks.map(({ permission, on }) => `${permission} (${on})`))}`, APPLY)]),
    ...mute.map((topic) => fail(account, `may not publish to ${topic}`, APPLY)),
    ...surplus(access, held).map((one) => tooMuch(project, account, one)),
    ...unread.map((role) =>
      warn(account, `has a role that cannot be read: ${role}`, command('gcloud', 'iam', 'roles', 'describe', role)),
    ),
  ];
  const rights = access.rights.filter(({ when }) => when === undefined).length + access.publishes.length;
  return verdicts.length > 0 ? verdicts : [ok(account, `has the ${rights} rights that it needs, and no others`)];
};

/** Checks the permissions of each function's identity. */
export const permissions = ofProject<Facts>({
  id: 'permissions',
  does: 'The identity of each function has every right that the function needs, and no other. Grants of a folder or an organization are not seen.',
  role: 'roles/iam.securityReviewer',
  read: async ({ project }) => {
    const functions = await project.functions();
    const ours = FUNCTIONS.flatMap((name) => {
      const found = functions.find((one: DeployedFunction) => one.name === functionName(name));
      return found?.account === undefined ? [] : [{ name, account: found.account }];
    });
    const evidence = /^gs:\/\/(.+)$/.exec(
      functions.find(({ name }) => name === functionName('contain'))?.environment.FIREBREAK_EVIDENCE ?? '',
    )?.[1];
    const topics = [...new Set(ours.flatMap(({ name }) => ACCESS[name].publishes))].map(topicName);
    const others = [...new Set((await networksOf(project)).map((one) => projectOfNetwork(one) ?? project.id))].filter(
      (one) => one !== project.id,
    );
    const [own, bucket, networks, publishers] = await Promise.all([
      project.policy().then(({ bindings }) => bindings),
      evidence === undefined ? [] : project.policyOf({ kind: 'bucket', name: evidence }),
      Promise.all(others.map((name) => project.policyOf({ kind: 'project', name }))).then((all) => all.flat()),
      Promise.all(
        topics.map(
          async (name): Promise<[string, Binding[]]> => [name, await project.policyOf({ kind: 'topic', name })],
        ),
      ).then((all) => new Map(all)),
    ]);
    const members = new Set(ours.map(({ account }) => `serviceAccount:${account}`));
    const roles = [...own, ...bucket, ...networks]
      .filter((one) => one.members.some((member) => members.has(member)))
      .map(({ role }) => role);
    const permissionsOf = new Map(
      await Promise.all(
        [...new Set(roles)].map(
          async (role): Promise<[string, string[] | undefined]> => [role, await project.permissionsOf(role)],
        ),
      ),
    );
    const identities = ours.map(({ name, account }) => ({
      name,
      account,
      publishers,
      held: [
        ...heldBy(account, 'project', own, permissionsOf),
        ...heldBy(account, 'evidence', bucket, permissionsOf),
        ...heldBy(account, 'network', networks, permissionsOf),
      ],
    }));
    return { project: project.id, identities };
  },
  judge: ({ project, identities }) => identities.flatMap((one) => judgeOne(project, one)),
});
