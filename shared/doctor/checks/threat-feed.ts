import { THREAT_FILTER, topicName } from '../../deployment.ts';
import { Denied } from '../../errors.ts';
import { spaced } from '../../text.ts';
import { grants, memberOf, PUBLISHER } from '../bindings.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { Binding, DeployedThreatFeed } from '../readers.ts';

type Facts = { project: string; publishers: Binding[]; feeds: DeployedThreatFeed[] };

/** The accounts as which Security Command Center publishes. */
const PUBLISHES = /^serviceAccount:service-[a-z0-9-]+@(gcp-sa-scc-notification|security-center-api)\.iam\./;
const isWanted = (publishers: readonly Binding[]): boolean =>
  publishers.some(({ role, members }) => role === PUBLISHER && members.some((one) => PUBLISHES.test(one)));

const judgeOne = ({ name, account, filter }: DeployedThreatFeed, publishers: readonly Binding[]): Verdict[] => {
  const topic = topicName('threat');
  const verdicts: Verdict[] = [
    ...(account !== undefined && grants(publishers, PUBLISHER, memberOf(account))
      ? []
      : [fail(name, `may not publish to ${topic}, so its findings are lost`, APPLY)]),
    ...(spaced(filter) === THREAT_FILTER
      ? []
      : [warn(name, 'has another filter than Terraform sets, so findings may be missing', APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(name, `sends findings to ${topic}`)];
};

/** Checks what sends the findings of Security Command Center. */
export const threatFeed = ofProject<Facts>({
  id: 'threat-feed',
  does: 'Where Security Command Center may publish to the topic threat, or is set to do so, it does both, and sends every active finding of a threat that is not muted.',
  role: 'roles/securitycenter.notificationConfigViewer',
  read: async ({ project }) => {
    const publishers = await project.policyOf({ kind: 'topic', name: topicName('threat') });
    const feeds = await project.threatFeeds().catch((thrown: unknown) => {
      // Where nobody has set it up, its API need not be enabled.
      if (thrown instanceof Denied && !isWanted(publishers)) return [];
      throw thrown;
    });
    return { project: project.id, publishers, feeds };
  },
  judge: ({ project, publishers, feeds }) => {
    const topic = topicName('threat');
    const ours = feeds.filter((one) => one.topic === `projects/${project}/topics/${topic}`);
    if (ours.length > 0) return ours.flatMap((one) => judgeOne(one, publishers));
    return isWanted(publishers)
      ? [fail(topic, 'has no notification config of Security Command Center, so none of its findings arrives', APPLY)]
      : [ok(topic, 'receives no findings of Security Command Center, which is not set up')];
  },
});
