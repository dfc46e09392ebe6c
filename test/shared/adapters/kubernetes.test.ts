import { startKubernetesServer } from '../../../local/kubernetes-server.ts';
import { makeKubernetesReader, makeKubernetesWriter } from '../../../shared/adapters/kubernetes.ts';
import { makeClientWire } from '../../../shared/adapters/kubernetes-client.ts';
import { clusterContract } from '../../contracts/cluster.ts';
import type { ClusterView } from '../../contracts/cluster-kit.ts';
import { playCluster } from '../../local/world/kubernetes/harness.ts';

clusterContract('@kubernetes/client-node to the simulated cluster over HTTP', async () => {
  const { cluster } = playCluster();
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'contract' } });
  cluster.rbac.grant('onlooker', { verbs: ['get', 'list'], groups: ['*'], resources: ['*'] });
  const server = await startKubernetesServer({ clusters: new Map([['p1/europe-west1/c1', cluster]]) });
  const view = (identity: string): ClusterView => {
    const wire = makeClientWire({ server: server.serverOf(cluster.ref), token: async () => identity });
    return { wire, reader: makeKubernetesReader(wire, { pageSize: 2 }), writer: makeKubernetesWriter(wire) };
  };
  return {
    admin: view('anyone'),
    onlooker: view('onlooker'),
    namespace: 'contract',
    loseNextReply: () => cluster.faults.add({ times: 1, fault: 'lost-reply' }),
    stop: () => server.stop(),
  };
});
