import { ACCESS } from '../../access.ts';
import { projectOfNetwork } from '../../containment/quarantine-rules.ts';
import { secretName, topicName } from '../../deployment.ts';
import { FUNCTIONS, type FunctionName } from '../../model/ids.ts';
import { grants, memberOf, PUBLISHER, removeFromProject } from '../bindings.ts';
import { briefly, fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { type Held, heldBy, missing, surplus } from '../granted.ts';
import { networksOf } from '../networks.ts';
import { APPLY, command } from '../next.ts';
import type { Binding, PolicyHolder, ProjectReader } from '../readers.ts';
import { deployed, evidenceBucket, wantedTopics } from '../served.ts';
import { strangersEverywhere, strangersOf } from '../strangers.ts';

type BindingsOf = ReadonlyMap<string, Binding[]>;
type Facts = {
  project: string;
  identities: Identity[];
  /** Who may publish to each topic, by its own policy, and what the project grants for all of them. */
  publishers: BindingsOf;
  bindings: Binding[];
  secrets: BindingsOf;
};
/** `reads`: the secrets that are mounted for the function, or passed to it as variables. */
type Identity = { name: FunctionName; account: string; held: Held[]; reads: string[] };

const SHOWN = 4;

/** The checks of the sink and of the alerts know who publishes to these. */
const JUDGED_ELSEWHERE = ['audit-log', 'cpu'].map(topicName);
const ACCESSOR = 'roles/secretmanager.secretAccessor';

const tooMuch = (
  project: string,
  account: string,
  { held, permissions }: ReturnType<typeof surplus>[number],
): Verdict => {
  const { role, on } = held;
  const where = on === 'project' ? '' : ` (${on})`;
  const says = `has permissions that it does not need, by ${role}${where}: ${briefly(permissions, SHOWN)}`;
  return fail(account, says, on === 'project' ? removeFromProject(project, memberOf(account), held) : APPLY);
};

/**
 * Reports whoever else may publish to the topics of our functions. Requests are open to operators, but not to
 * everybody.
 */
const strangers = ({ project, identities, publishers, bindings }: Facts): Verdict[] => [
  ...[...publishers].flatMap(([topic, at]) => {
    const publishes = (name: FunctionName): boolean => ACCESS[name].publishes.some((one) => topicName(one) === topic);
    const published = FUNCTIONS.some(publishes);
    const ours = identities.filter(({ name }) => publishes(name)).map(({ account }) => memberOf(account));
    // Others bring signals, ticks and dead letters.
    const isMeant = (member: string): boolean => !published || topic === topicName('requests') || ours.includes(member);
    return strangersOf({ project, topic, bindings: at }, isMeant);
  }),
  ...strangersEverywhere(project, bindings, new Set(identities.map(({ account }) => memberOf(account)))),
];

const judgeOne = ({ name, account, held, reads }: Identity, { project, publishers, secrets }: Facts): Verdict[] => {
  const access = ACCESS[name];
  const member = memberOf(account);
  const lacks = missing(access, held).map(({ permission, on }) => `${permission} (${on})`);
  const mute = access.publishes
    .map(topicName)
    .filter((topic) => !grants(publishers.get(topic) ?? [], PUBLISHER, member));
  const unread = reads.filter((secret) => !grants(secrets.get(secret) ?? [], ACCESSOR, member));
  const unknown = held.filter(({ permissions }) => permissions === undefined).map(({ role }) => role);
  const verdicts = [
    ...(lacks.length === 0 ? [] : [fail(account, `lacks ${briefly(lacks, SHOWN)}`, APPLY)]),
    ...mute.map((topic) => fail(account, `may not publish to ${topic}`, APPLY)),
    ...unread.map((secret) => fail(account, `may not read the secret ${secret}, so no instance can start`, APPLY)),
    ...surplus(access, held).map((one) => tooMuch(project, account, one)),
    ...unknown.map((role) =>
      warn(account, `has a role that cannot be read: ${role}`, command('gcloud', 'iam', 'roles', 'describe', role)),
    ),
  ];
  const rights = access.rights.filter(({ when }) => when === undefined).length + access.publishes.length;
  return verdicts.length > 0 ? verdicts : [ok(account, `has the ${rights} permissions that it needs, and no others`)];
};

/** What each role permits that one of these members holds; undefined where the role cannot be read. */
const permissionsByRole = async (
  project: ProjectReader,
  bindings: readonly Binding[],
  members: readonly string[],
): Promise<Map<string, string[] | undefined>> => {
  const held = bindings.filter((one) => one.members.some((member) => members.includes(member)));
  const roles = [...new Set(held.map(({ role }) => role))];
  return new Map(await Promise.all(roles.map(async (role) => [role, await project.permissionsOf(role)] as const)));
};

/** Checks the permissions of each function's identity. */
export const permissions = ofProject<Facts>({
  id: 'permissions',
  does: 'The service account of each function has every permission that the function needs, may read the policy, the rules and the secrets that it is given, and has no other permission. Nobody else may publish to the topics of the functions, except operators to requests, and nobody to all topics by a role on the project that is not for administrators. The check does not see what a folder or an organization grants.',
  role: 'roles/iam.securityReviewer',
  read: async ({ project }) => {
    const functions = await project.functions();
    const ours = FUNCTIONS.flatMap((name) => {
      const found = deployed(functions, name);
      if (found?.account === undefined) return [];
      return [{ name, account: found.account, reads: [...ACCESS[name].files.map(secretName), ...found.secrets] }];
    });
    const evidence = evidenceBucket(functions);
    const topics = wantedTopics(functions).filter((name) => !JUDGED_ELSEWHERE.includes(name));
    const others = [...new Set((await networksOf(project)).map((one) => projectOfNetwork(one) ?? project.id))].filter(
      (one) => one !== project.id,
    );
    const bindingsOf = async (kind: PolicyHolder['kind'], names: readonly string[]): Promise<BindingsOf> =>
      new Map(await Promise.all(names.map(async (name) => [name, await project.policyOf({ kind, name })] as const)));
    const read = [...new Set(ours.flatMap(({ reads }) => reads))];
    const [own, bucket, networks, publishers, secrets] = await Promise.all([
      project.policy().then(({ bindings }) => bindings),
      evidence === undefined ? [] : project.policyOf({ kind: 'bucket', name: evidence }),
      Promise.all(others.map((name) => project.policyOf({ kind: 'project', name }))).then((all) => all.flat()),
      bindingsOf('topic', topics),
      bindingsOf('secret', read),
    ]);
    const members = ours.map(({ account }) => memberOf(account));
    const permissionsOf = await permissionsByRole(project, [...own, ...bucket, ...networks], members);
    const identities = ours.map(({ name, account, reads }) => ({
      name,
      account,
      reads,
      held: [
        ...heldBy(account, 'project', own, permissionsOf),
        ...heldBy(account, 'evidence', bucket, permissionsOf),
        ...heldBy(account, 'network', networks, permissionsOf),
      ],
    }));
    return { project: project.id, identities, publishers, bindings: own, secrets };
  },
  judge: (facts) => [...facts.identities.flatMap((one) => judgeOne(one, facts)), ...strangers(facts)],
});
