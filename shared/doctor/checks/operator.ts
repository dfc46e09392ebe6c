import { topicName } from '../../deployment.ts';
import { audiencesIn, GCLOUD_AUDIENCE, type OperatorAudiences } from '../../operator-audience.ts';
import { ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { ExpectedPolicy } from '../readers.ts';
import { deployed } from '../served.ts';

type Facts = {
  project: string;
  policy: ExpectedPolicy;
  mayPublish: boolean;
  /** The audiences of the proofs that operate accepts. With none of either kind it verifies nobody. */
  taken: OperatorAudiences;
  /** The audience of the ID token that the person's requests carry; undefined if they carry none. */
  proof: string | undefined;
};

const take = (audience: string): string =>
  `${APPLY}  # after adding ${audience} to operator_audience; until then, use --no-id-token for requests that need no verified operator`;

const judgeProof = ({ taken: { tokens, proxy }, proof }: Facts): Verdict => {
  const subject = 'identity';
  if (tokens.length === 0 && proxy.length === 0)
    return ok(subject, 'operate verifies nobody, and shows names as claimed');
  if (tokens.length === 0) {
    return warn(
      subject,
      'operate accepts no ID token, only the proof of Identity-Aware Proxy from the console: it refuses your requests if they carry an ID token, and without one it refuses the deleting tiers, release and resume',
      take(proof ?? GCLOUD_AUDIENCE),
    );
  }
  if (proof === undefined) {
    return warn(
      subject,
      'your requests carry no proof of who you are, so operate refuses the deleting tiers, release and resume',
      'gcloud auth login',
    );
  }
  if (tokens.includes(proof))
    return ok(subject, `your requests carry a proof of who you are, for the audience ${proof}`);
  const says = `operate refuses your requests: their ID token is for the audience ${proof}, and operate accepts ${tokens.join(', ')}`;
  return warn(subject, says, take(proof));
};

/** Google gives an ID token to whoever has an account, so a token alone does not make an operator. */
const judgeEverybody = ({ taken: { tokens }, policy }: Facts): Verdict[] =>
  tokens.length === 0 || policy.namesOperators
    ? []
    : [
        warn(
          policy.path,
          'names no operators, so operate takes every Google account as a verified one, also as the second of two: whoever may publish requests may use any',
          `${command('firebreak', 'policy', 'check', policy.path)}  # after naming emails or domains under operators`,
        ),
      ];

/** Checks the rights of the person who runs the command as an operator. */
export const operator = ofProject<Facts>({
  id: 'operator',
  does: 'You may publish requests (contain, approve, release and halt are requests), and your requests carry a proof of who you are that operate accepts. If it accepts ID tokens, the policy names who the operators are.',
  read: async ({ project, expected }) => {
    const [policy, functions, mayPublish, proof] = await Promise.all([
      expected.policy(),
      project.functions(),
      project.mayPublish(topicName('requests')),
      project.proof(),
    ]);
    const operate = deployed(functions, 'operate');
    const taken = audiencesIn(operate?.environment.FIREBREAK_OPERATOR_AUDIENCE);
    return { project: project.id, policy, mayPublish, taken, proof };
  },
  judge: (facts) => {
    const topic = topicName('requests');
    const grant = command('gcloud', 'pubsub', 'topics', 'add-iam-policy-binding', topic, `--project=${facts.project}`);
    const next = `${grant} --role=roles/pubsub.publisher --member="user:$(gcloud config get account)"`;
    return [
      facts.mayPublish
        ? ok('requests', 'you may publish them')
        : warn(topic, 'you may not publish to it, so you can neither contain nor release', next),
      judgeProof(facts),
      ...judgeEverybody(facts),
    ];
  },
});
