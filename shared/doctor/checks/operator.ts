import { functionName, topicName } from '../../deployment.ts';
import { audiencesIn, GCLOUD_AUDIENCE, type OperatorAudiences } from '../../operator-audience.ts';
import { ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';

type Facts = {
  project: string;
  mayPublish: boolean;
  /** For whom operate takes proofs; none of either kind: it verifies nobody. */
  taken: OperatorAudiences;
  /** For whom the token is that our requests carry; undefined: they carry none. */
  proof: string | undefined;
};

const take = (audience: string): string =>
  `${APPLY}  # with ${audience} among operator_audience; until then, --no-id-token for what needs no verified operator`;

const judgeProof = ({ taken: { tokens, proxy }, proof }: Facts): Verdict => {
  const subject = 'identity';
  if (tokens.length === 0 && proxy.length === 0)
    return ok(subject, 'operate verifies nobody: names are shown as claimed');
  if (tokens.length === 0) {
    return warn(
      subject,
      'operate accepts no ID token, only what Identity-Aware Proxy signs for the console: requests with your ID token are refused, and so are the deleting tiers, release and resume without one',
      take(proof ?? GCLOUD_AUDIENCE),
    );
  }
  if (proof === undefined) {
    return warn(
      subject,
      'nothing proves who you are, so the deleting tiers, release and resume are refused',
      'gcloud auth login',
    );
  }
  if (tokens.includes(proof)) return ok(subject, `your requests prove who you are, to ${proof}`);
  const says = `your requests are refused: they prove who you are to ${proof}, and operate accepts proofs to ${tokens.join(', ')}`;
  return warn(subject, says, take(proof));
};

/** Whoever asks, as an operator. */
export const operator = ofProject<Facts>({
  id: 'operator',
  does: 'You may publish requests yourself (contain, approve, release and halt are requests), and prove to operate who you are.',
  read: async ({ project }) => {
    const [functions, mayPublish, proof] = await Promise.all([
      project.functions(),
      project.mayPublish(topicName('requests')),
      project.proof(),
    ]);
    const operate = functions.find(({ name }) => name === functionName('operate'));
    const taken = audiencesIn(operate?.environment.FIREBREAK_OPERATOR_AUDIENCE);
    return { project: project.id, mayPublish, taken, proof };
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
    ];
  },
});
