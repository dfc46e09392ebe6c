import { fail, ofProject, ok } from '../check.ts';
import { APPLY } from '../next.ts';
import { wantedTopics } from '../served.ts';

/** Checks the topics. */
export const topics = ofProject<{ wanted: string[]; there: string[] }>({
  id: 'topics',
  does: 'Every topic exists, including those for the Falco of each cluster.',
  role: 'roles/pubsub.viewer',
  read: async ({ project }) => {
    const [functions, there] = await Promise.all([project.functions(), project.topics()]);
    return { wanted: wantedTopics(functions), there };
  },
  judge: ({ wanted, there }) =>
    wanted.map((name) =>
      there.includes(name)
        ? ok(name, 'exists')
        : fail(name, 'does not exist, so nothing can be published to it', APPLY),
    ),
});
