import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import { Transient } from '../../shared/errors.ts';
import { clusterContract } from '../contracts/cluster.ts';
import type { ClusterView } from '../contracts/cluster-kit.ts';
import { kubernetesNodes } from '../contracts/kubernetes-nodes.ts';
import { kubernetesSteps } from '../contracts/kubernetes-steps.ts';
import { kubernetesStory } from '../contracts/kubernetes-story.ts';
import { kubernetesWorkloads } from '../contracts/kubernetes-workloads.ts';
import { grant, makeNamespace } from '../kit/apiserver.ts';
import { openRealSite } from '../kit/site-real.ts';
import { describeWith } from '../require.ts';
import { accessSuite } from './access.ts';
import { grantOurs } from './grants.ts';
import { IDENTITIES } from './identities.ts';
import { routesSuite } from './routes.ts';
import { sharedApiServer } from './shared.ts';

const viewOver = (wire: Wire): ClusterView => ({
  wire,
  reader: makeKubernetesReader(wire, { pageSize: 2 }),
  writer: makeKubernetesWriter(wire),
});

/** A wire that can lose the next answer to a change after the server has made the change. */
const losingReplies = (wire: Wire): { wire: Wire; loseNext(): void } => {
  let lose = false;
  return {
    wire: async (request) => {
      const answer = await wire(request);
      if (!lose || request.method === 'GET') return answer;
      lose = false;
      throw new Transient(`The answer to ${request.method} ${request.path} was lost.`);
    },
    loseNext: () => {
      lose = true;
    },
  };
};

/** A shop of its own, with the permissions that `firebreak rbac` prints. */
const openSite = openRealSite(async () => {
  await grantOurs();
  return sharedApiServer();
});

describeWith('apiserver', 'a real API server', function () {
  this.timeout(60_000);
  clusterContract('@kubernetes/client-node to a real kube-apiserver', async () => {
    const server = await sharedApiServer();
    const { wire, loseNext } = losingReplies(server.wire('admin'));
    const admin = viewOver(wire);
    await grant(admin.writer, 'onlooker', IDENTITIES.onlooker.user, [
      { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] },
    ]);
    return {
      admin,
      onlooker: viewOver(server.wire('onlooker')),
      namespace: await makeNamespace(admin.writer, 'contract'),
      loseNextReply: loseNext,
      stop: async () => {},
    };
  });
  accessSuite();
  kubernetesNodes('a real kube-apiserver', openSite);
  kubernetesSteps('a real kube-apiserver', openSite);
  kubernetesWorkloads('a real kube-apiserver', openSite);
  kubernetesStory('a real kube-apiserver', openSite);
  routesSuite();
});
