import { topicName } from '../../deployment.ts';
import { ofProject, ok, warn } from '../check.ts';
import { command } from '../next.ts';

type Facts = { project: string; mayPublish: boolean };

/** Whoever asks, as an operator. */
export const operator = ofProject<Facts>({
  id: 'operator',
  does: 'You may publish requests yourself: contain, approve, release and halt are requests.',
  read: async ({ project }) => ({ project: project.id, mayPublish: await project.mayPublish(topicName('requests')) }),
  judge: ({ project, mayPublish }) => {
    const topic = topicName('requests');
    if (mayPublish) return [ok('operator', 'you may publish requests')];
    const grant = command('gcloud', 'pubsub', 'topics', 'add-iam-policy-binding', topic, `--project=${project}`);
    const next = `${grant} --role=roles/pubsub.publisher --member="user:$(gcloud config get account)"`;
    return [warn(topic, 'you may not publish to it, so you can neither contain nor release', next)];
  },
});
