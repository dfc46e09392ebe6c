import type { KubeCluster } from '../../local/world/kubernetes/cluster.ts';
import { unserved } from '../../shared/adapters/clusters-description.ts';
import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import type { Wire, WireAnswer } from '../../shared/adapters/kubernetes-wire.ts';
import { Denied, Transient } from '../../shared/errors.ts';
import { type ClusterRef, sameCluster } from '../../shared/model/target.ts';
import type { ClusterDescription, WritableClusters } from '../../shared/ports.ts';

/** A copy through JSON, exactly as it would arrive over a socket. */
const carried = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** A wire to the simulated API server in the same process. */
export const wireTo =
  (cluster: KubeCluster, identity: string): Wire =>
  async (request): Promise<WireAnswer> => {
    const { accept: _accept, ...rest } = request;
    const answer = cluster.handle(identity, { ...rest, body: carried(request.body) });
    if (answer.dropped === 'timeout')
      throw new Transient(`Kubernetes did not answer ${request.method} ${request.path}.`);
    if (answer.dropped === 'lost-reply')
      throw new Transient(`The answer to ${request.method} ${request.path} was lost.`);
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.status,
      body: carried(answer.body),
      ...(retryAfter === undefined ? {} : { retryAfterMs: 1_000 * Number(retryAfter) }),
    };
  };

/**
 * The clusters of a simulated world for one identity. Uses the adapter's own code over a wire within the process, so
 * that a test on these ports gets the real adapter's errors.
 */
export const worldClusters = (
  world: { clusters: ReadonlyMap<string, KubeCluster> },
  identity: string,
): WritableClusters => {
  const all = (): KubeCluster[] => [...world.clusters.values()];
  const need = (ref: ClusterRef): KubeCluster => {
    const found = all().find((cluster) => sameCluster(cluster.ref, ref));
    if (found !== undefined) return found;
    throw new Denied(unserved(ref));
  };
  return {
    served: () => all().map((cluster) => cluster.ref),
    describe: async (ref): Promise<ClusterDescription> => need(ref).description(),
    reader: (ref) => makeKubernetesReader(wireTo(need(ref), identity)),
    writer: (ref) => makeKubernetesWriter(wireTo(need(ref), identity)),
  };
};
