import { sentenceOf } from '../../errors.ts';
import { type ClusterRef, clusterName } from '../../model/target.ts';
import type { ClusterDescription } from '../../ports.ts';
import { commandLine } from '../../views/command-line.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import { isWithin, servedBy } from '../served.ts';

type Seen = {
  ref: ClusterRef;
  described: Pick<ClusterDescription, 'networkPolicy' | 'systemMetrics' | 'autopilot'> | string;
  reached: true | string;
};
type Facts = {
  project: string;
  served: ClusterRef[];
  seen: Seen[];
  /** Whether the functions call the clusters through a subnetwork of their own. */
  within: boolean;
};

const judgeOne = ({ ref, described, reached }: Seen, { project, within }: Facts): Verdict[] => {
  const subject = clusterName(ref);
  const at = [ref.cluster, `--location=${ref.location}`, `--project=${ref.project}`];
  if (typeof described === 'string') {
    return [fail(subject, described, command('gcloud', 'container', 'clusters', 'describe', ...at))];
  }
  const update = (flag: string): string => command('gcloud', 'container', 'clusters', 'update', ...at, flag);
  const verdicts: Verdict[] = [];
  if (reached !== true)
    verdicts.push(
      within
        ? fail(
            subject,
            `${reached}; the functions call it through a subnetwork of their own`,
            `${commandLine({ project }, 'doctor')}  # on a machine in that network`,
          )
        : fail(subject, reached, update('--enable-dns-access')),
    );
  if (!described.systemMetrics)
    verdicts.push(
      fail(
        subject,
        'does not write the CPU use of its nodes and containers to Cloud Monitoring, so no cryptomining is seen there',
        update('--monitoring=SYSTEM'),
      ),
    );
  if (!described.networkPolicy)
    verdicts.push(
      warn(
        subject,
        'does not enforce network policies, so a pod can be cut off only together with its node',
        `${update('--update-addons=NetworkPolicy=ENABLED')} && ${update('--enable-network-policy')}`,
      ),
    );
  return verdicts.length > 0
    ? verdicts
    : [ok(subject, `answers; ${described.autopilot ? 'Autopilot, ' : ''}network policies are enforced`)];
};

const settled = async <T>(work: Promise<T>): Promise<T | string> => {
  try {
    return await work;
  } catch (thrown) {
    return sentenceOf(thrown);
  }
};

/** Checks the served clusters. */
export const clusters = ofProject<Facts>({
  id: 'clusters',
  does: 'Each served cluster exists, its API server answers, and the cluster enforces network policies and writes the CPU use of its nodes and containers to Cloud Monitoring.',
  role: 'roles/container.viewer',
  read: async ({ project }) => {
    const functions = await project.functions();
    const served = servedBy(functions);
    const ports = project.clusters(served);
    const seen = await Promise.all(
      served.map(async (ref): Promise<Seen> => {
        const [described, reached] = await Promise.all([
          settled(ports.describe(ref)),
          settled(
            ports
              .reader(ref)
              .get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' })
              .then((): true => true),
          ),
        ]);
        return { ref, described, reached };
      }),
    );
    return { project: project.id, served, seen, within: isWithin(functions) };
  },
  judge: (facts) =>
    facts.served.length === 0
      ? [fail('clusters', 'no cluster is served', APPLY)]
      : facts.seen.flatMap((one) => judgeOne(one, facts)),
});
