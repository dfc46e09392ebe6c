import { clusterDeleted } from '../../../../shared/detection/rules/cluster-deleted.ts';
import { adminCases } from '../admin-cases.ts';

describe('cluster-deleted', () => {
  adminCases(
    clusterDeleted,
    {
      service: 'container.googleapis.com',
      method: 'google.container.v1.ClusterManager.DeleteCluster',
      resource: { type: 'gke_cluster', labels: { location: 'europe-west1', cluster_name: 'c1' } },
    },
    {
      fires: [['another version of the API', { method: 'google.container.v1beta1.ClusterManager.DeleteCluster' }]],
      misses: [
        ['a service account', { principal: 'deploy@p1.iam.gserviceaccount.com' }],
        ['a node pool', { method: 'google.container.v1.ClusterManager.DeleteNodePool' }],
      ],
    },
  );
});
