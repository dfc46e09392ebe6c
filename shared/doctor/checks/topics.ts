import { topicName } from '../../deployment.ts';
import { TOPICS } from '../../model/ids.ts';
import { fail, ofProject, ok } from '../check.ts';
import { APPLY } from '../next.ts';

/** The topics. */
export const topics = ofProject<{ there: string[] }>({
  id: 'topics',
  does: 'Every topic is there.',
  role: 'roles/pubsub.viewer',
  read: async ({ project }) => ({ there: await project.topics() }),
  judge: ({ there }) =>
    TOPICS.map(topicName).map((name) =>
      there.includes(name) ? ok(name, 'there') : fail(name, 'is not there: what is published to it is lost', APPLY),
    ),
});
