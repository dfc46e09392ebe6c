import { sentenceOf } from '../../errors.ts';
import { type ClusterRef, clusterName } from '../../model/target.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import { servedBy } from '../served.ts';

type Seen = {
  ref: ClusterRef;
  described: { networkPolicy: boolean; autopilot: boolean } | string;
  reached: true | string;
};
type Facts = { served: ClusterRef[]; seen: Seen[] };

const judgeOne = ({ ref, described, reached }: Seen): Verdict => {
  const subject = clusterName(ref);
  const at = [ref.cluster, `--location=${ref.location}`, `--project=${ref.project}`];
  if (typeof described === 'string') {
    return fail(subject, described, command('gcloud', 'container', 'clusters', 'describe', ...at));
  }
  if (reached !== true) {
    return fail(subject, reached, command('gcloud', 'container', 'clusters', 'update', ...at, '--enable-dns-access'));
  }
  return described.networkPolicy
    ? ok(subject, `answers; ${described.autopilot ? 'Autopilot, ' : ''}network policies are enforced`)
    : warn(
        subject,
        'does not enforce network policies, so a pod can be cut off only together with its node',
        `${command('gcloud', 'container', 'clusters', 'update', ...at, '--update-addons=NetworkPolicy=ENABLED')} && ${command('gcloud', 'container', 'clusters', 'update', ...at, '--enable-network-policy')}`,
      );
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
  does: 'Each served cluster exists, its API server answers at the endpoint that the functions use, and the cluster enforces network policies.',
  role: 'roles/container.viewer',
  read: async ({ project }) => {
    const served = servedBy(await project.functions());
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
    return { served, seen };
  },
  judge: ({ served, seen }) =>
    served.length === 0 ? [fail('clusters', 'no cluster is served', APPLY)] : seen.map(judgeOne),
});
