import { DELIVERY, topicName } from '../../deployment.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { DeployedFunction, DeployedSubscription } from '../readers.ts';
import { deployed, type Wanted, wantedSubscriptions } from '../served.ts';

type Facts = { project: string; there: DeployedSubscription[]; functions: DeployedFunction[] };

/** The problems with the address to which a subscription pushes, and with the identity of its pushes. */
const pushOf = (found: DeployedSubscription, uri: string | undefined, path: string): string[] => {
  const { endpoint, account, audience } = found;
  if (endpoint === undefined) return ['it has no push endpoint'];
  return [
    ...(uri === undefined || endpoint === uri || endpoint.startsWith(`${uri}/`)
      ? []
      : [`it pushes to ${endpoint}, but the function is at ${uri}`]),
    ...(endpoint.endsWith(path)
      ? []
      : [`its endpoint does not end with ${path}, so the function cannot tell the topic`]),
    ...(account === undefined ? ['its pushes carry no identity'] : []),
    ...(account === undefined ||
    audience === undefined ||
    uri === undefined ||
    audience === uri ||
    audience.startsWith(`${uri}/`)
      ? []
      : [`its tokens are for the audience ${audience}, which is not the function`]),
  ];
};

const deliveryOf = (found: DeployedSubscription, topic: string): string[] => {
  const dead = topicName('dead-letters');
  const wantsDead = topic !== dead;
  const { attempts, minBackoff, maxBackoff, ackDeadline } = found;
  return [
    ...(found.expires ? ['it is deleted after a month without messages'] : []),
    ...(wantsDead && found.deadLetterTopic !== dead ? [`messages that it gives up do not go to ${dead}`] : []),
    ...(wantsDead && found.deadLetterTopic === dead && attempts !== DELIVERY.attempts
      ? [`it gives up after ${attempts ?? 'unknown'} deliveries, not ${DELIVERY.attempts}`]
      : []),
    ...(minBackoff === DELIVERY.minBackoff && maxBackoff === DELIVERY.maxBackoff
      ? []
      : [
          `it delivers again after ${minBackoff ?? 0} to ${maxBackoff ?? 0} s, not after ${DELIVERY.minBackoff} to ${DELIVERY.maxBackoff} s`,
        ]),
    ...(ackDeadline === DELIVERY.ackDeadline
      ? []
      : [`it waits ${ackDeadline} s for an answer, not ${DELIVERY.ackDeadline} s`]),
    ...(found.filter === undefined ? [] : ['it has a filter, which drops messages']),
  ];
};

const judgeOne = (wanted: Wanted, { project, there, functions }: Facts): Verdict[] => {
  const found = there.find(({ name }) => name === wanted.name);
  const { topic } = wanted;
  if (found === undefined) return [fail(wanted.name, `does not exist, so nothing on ${topic} is seen`, APPLY)];
  if (found.topic !== topic) return [fail(wanted.name, `is subscribed to ${found.topic}, not to ${topic}`, APPLY)];
  const uri = deployed(functions, wanted.function)?.uri;
  const wrong = [
    ...(found.state === 'ACTIVE' ? [] : [`it is ${found.state}`]),
    ...pushOf(found, uri, `/projects/${project}/topics/${topic}`),
    ...deliveryOf(found, topic),
  ];
  return wrong.length === 0
    ? [ok(wanted.name, `${topic} to ${wanted.function}`)]
    : wrong.map((one) => fail(wanted.name, one, APPLY));
};

/** Reports other people's subscriptions to our topics, which receive copies of all messages. */
const strangers = (wanted: readonly Wanted[], { project, there }: Facts): Verdict[] => {
  const ours = new Set(wanted.map(({ name }) => name));
  const topics = new Set(wanted.map(({ topic }) => topic));
  return there
    .filter(({ name, topic }) => topics.has(topic) && !ours.has(name))
    .map(({ name, topic }) =>
      warn(
        name,
        `receives the messages of ${topic}, and is not a subscription of Firebreak's`,
        command('gcloud', 'pubsub', 'subscriptions', 'describe', name, `--project=${project}`),
      ),
    );
};

/** Checks the push subscriptions of each function. */
export const subscriptions = ofProject<Facts>({
  id: 'subscriptions',
  does: 'Every function has its subscriptions: they push to its address with an identity, deliver again with backoff, give up into dead-letters, and never expire. There are no other subscriptions to its topics.',
  role: 'roles/pubsub.viewer',
  read: async ({ project }) => {
    const [there, functions] = await Promise.all([project.subscriptions(), project.functions()]);
    return { project: project.id, there, functions };
  },
  judge: (facts) => {
    const wanted = wantedSubscriptions(facts.functions);
    return [...wanted.flatMap((one) => judgeOne(one, facts)), ...strangers(wanted, facts)];
  },
});
