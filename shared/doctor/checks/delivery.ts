import { functionName, subscriptionName, topicName } from '../../deployment.ts';
import { FUNCTIONS, type FunctionName } from '../../model/ids.ts';
import { TOPICS_OF } from '../../serve.ts';
import { EVERYONE, grants, memberOf, PUBLISHER } from '../bindings.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { Binding, DeployedFunction, ProjectPolicy } from '../readers.ts';
import { deployed } from '../served.ts';

type Facts = {
  /** The service agent of Pub/Sub, which delivers messages and forwards dead letters. */
  agent: string;
  /** The service agent of Identity-Aware Proxy, which calls the console. */
  proxy: string;
  policy: ProjectPolicy;
  deadLetters: Binding[];
  functions: Array<{ function: DeployedFunction; pushedBy: string[]; invokers: Binding[] }>;
  /** The accounts as which Pub/Sub delivers. */
  pushing: Array<{ account: string; bindings: Binding[] }>;
  subscriptions: Array<{ name: string; bindings: Binding[] }>;
};

const INVOKER = 'roles/run.invoker';
/** Roles with the permission to make OIDC tokens as an account. Google gives the last one to Pub/Sub's service agent. */
const TOKENS = ['roles/iam.serviceAccountOpenIdTokenCreator', 'roles/iam.serviceAccountTokenCreator'];
const TOKENS_OF_PROJECT = [...TOKENS, 'roles/pubsub.serviceAgent'];

const judgeFunction = (
  { function: found, pushedBy, invokers }: Facts['functions'][number],
  { policy, proxy }: Pick<Facts, 'policy' | 'proxy'>,
): Verdict[] => {
  const open = invokers.flatMap(({ members }) => members).filter((member) => EVERYONE.includes(member));
  const mayCall = (member: string): boolean =>
    grants(invokers, INVOKER, member) || grants(policy.bindings, INVOKER, member);
  const refused = pushedBy.filter((account) => !mayCall(memberOf(account)));
  const verdicts = [
    ...open.map((member) => fail(found.name, `may be called by ${member}, so anyone can send it findings`, APPLY)),
    ...refused.map((account) =>
      fail(found.name, `receives no messages: ${account}, as which Pub/Sub delivers, may not invoke it`, APPLY),
    ),
    ...(found.name === functionName('console') && !mayCall(proxy)
      ? [fail(found.name, 'Identity-Aware Proxy may not call it, so nobody gets to the console', APPLY)]
      : []),
  ];
  return verdicts.length > 0 ? verdicts : [ok(found.name, 'may not be called by everybody')];
};

/** Checks who may call each function, and whether Pub/Sub may deliver, and forward messages that are given up. */
export const delivery = ofProject<Facts>({
  id: 'delivery',
  does: 'Pub/Sub may call each function, Identity-Aware Proxy may call the console, and no function may be called by everybody. The service agent of Pub/Sub may make the tokens for its calls, and may forward messages that are given up to the topic dead-letters.',
  role: 'roles/iam.securityReviewer',
  read: async ({ project }) => {
    const [number, policy, functions, subscriptions] = await Promise.all([
      project.number(),
      project.policy(),
      project.functions(),
      project.subscriptions(),
    ]);
    const pushedBy = (name: FunctionName): string[] => [
      ...new Set(
        subscriptions
          .filter((one) => TOPICS_OF[name].some((topic) => one.name === subscriptionName(name, topic)))
          .flatMap(({ account }) => account ?? []),
      ),
    ];
    const ours = FUNCTIONS.flatMap((name) => {
      const found = deployed(functions, name);
      return found?.service === undefined ? [] : [{ name, found, service: found.service }];
    });
    const dead = subscriptions.filter((one) => one.deadLetterTopic !== undefined);
    const pushing = [...new Set(ours.flatMap(({ name }) => pushedBy(name)))];
    return {
      agent: `serviceAccount:service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com`,
      proxy: `serviceAccount:service-${number}@gcp-sa-iap.iam.gserviceaccount.com`,
      policy,
      deadLetters: await project.policyOf({ kind: 'topic', name: topicName('dead-letters') }),
      functions: await Promise.all(
        ours.map(async ({ name, found, service }) => ({
          function: found,
          pushedBy: pushedBy(name),
          invokers: await project.policyOf({ kind: 'service', name: service }),
        })),
      ),
      pushing: await Promise.all(
        pushing.map(async (account) => ({
          account,
          bindings: await project.policyOf({ kind: 'account', name: account }),
        })),
      ),
      subscriptions: await Promise.all(
        dead.map(async ({ name }) => ({ name, bindings: await project.policyOf({ kind: 'subscription', name }) })),
      ),
    };
  },
  judge: ({ agent, proxy, policy, deadLetters, functions, pushing, subscriptions }) => {
    const subscribes = 'roles/pubsub.subscriber';
    const may = (bindings: readonly Binding[], role: string): boolean =>
      grants(bindings, role, agent) || grants(policy.bindings, role, agent);
    const stuck = subscriptions.filter(({ bindings }) => !may(bindings, subscribes)).map(({ name }) => name);
    const dead = topicName('dead-letters');
    const tokenless = pushing.filter(
      ({ bindings }) =>
        !TOKENS.some((role) => grants(bindings, role, agent)) &&
        !TOKENS_OF_PROJECT.some((role) => grants(policy.bindings, role, agent)),
    );
    return [
      ...functions.flatMap((one) => judgeFunction(one, { policy, proxy })),
      ...tokenless.map(({ account }) =>
        fail(account, "Pub/Sub's service agent may not make tokens as it, so every delivery is refused", APPLY),
      ),
      may(deadLetters, PUBLISHER)
        ? ok(dead, "Pub/Sub's service agent may publish to it")
        : fail(
            dead,
            "Pub/Sub's service agent may not publish to it, so a message that fails is delivered again and again",
            APPLY,
          ),
      ...stuck.map((name) =>
        fail(
          name,
          "Pub/Sub's service agent may not acknowledge messages on it, so a message that fails is never given up",
          APPLY,
        ),
      ),
    ];
  },
});
