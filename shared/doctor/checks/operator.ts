import { functionName, topicName } from '../../deployment.ts';
import { ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';

type Facts = {
  project: string;
  mayPublish: boolean;
  /** For whom operate takes ID tokens; none: it verifies nobody. */
  taken: string[];
  /** For whom the token is that our requests carry; undefined: they carry none. */
  proof: string | undefined;
};

const judgeProof = ({ taken, proof }: Facts): Verdict => {
  const subject = 'identity';
  if (taken.length === 0) return ok(subject, 'operate verifies nobody: names are shown as claimed');
  if (proof === undefined) {
    return warn(
      subject,
      'nothing proves who you are, so the deleting tiers, release and resume are refused',
      'gcloud auth login',
    );
  }
  if (taken.includes(proof)) return ok(subject, `your requests prove who you are, to ${proof}`);
  const says = `your requests are refused: they prove who you are to ${proof}, and operate takes ${taken.join(', ')}`;
  return warn(subject, says, `${APPLY}  # with ${proof} among operator_audience; until then, --no-id-token`);
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
    const taken = (operate?.environment.FIREBREAK_OPERATOR_AUDIENCE ?? '')
      .split(',')
      .map((one) => one.trim())
      // Those of Identity-Aware Proxy are the console's.
      .filter((one) => one !== '' && !one.startsWith('/projects/'));
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
