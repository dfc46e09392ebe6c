import { nodePoolGrown } from '../../../../shared/detection/rules/node-pool-grown.ts';
import { adminCases } from '../admin-cases.ts';

describe('node-pool-grown', () => {
  adminCases(
    nodePoolGrown,
    {
      service: 'container.googleapis.com',
      method: 'google.container.v1.ClusterManager.CreateNodePool',
      resource: { type: 'gke_nodepool', labels: { location: 'europe-west1', cluster_name: 'c1' } },
      request: { nodePool: { config: { accelerators: [{ acceleratorCount: '1' }] } } },
    },
    {
      fires: [
        ['by its machine type', { request: { nodePool: { config: { machineType: 'a2-highgpu-1g' } } } }],
        ['large machines', { request: { nodePool: { config: { machineType: 'c3-highcpu-88' } } } }],
        [
          'a limit',
          {
            method: 'google.container.v1.ClusterManager.SetNodePoolAutoscaling',
            request: { autoscaling: { enabled: true, maxNodeCount: 100 } },
          },
        ],
        ['many nodes', { method: 'google.container.v1.ClusterManager.SetNodePoolSize', request: { nodeCount: 40 } }],
        ['an accelerator of another kind', { request: { nodePool: { config: { machineType: 'ct5lp-hightpu-4t' } } } }],
        [
          'in a new cluster',
          {
            method: 'google.container.v1.ClusterManager.CreateCluster',
            request: {
              cluster: { nodePools: [{ initialNodeCount: 1 }, { config: { machineType: 'c3-highcpu-88' } }] },
            },
          },
        ],
        [
          'a new cluster of many nodes',
          {
            method: 'google.container.v1.ClusterManager.CreateCluster',
            request: { cluster: { initialNodeCount: 60 } },
          },
        ],
        [
          'a higher limit of a pool, as a change of its cluster',
          {
            method: 'google.container.v1.ClusterManager.UpdateCluster',
            request: {
              update: { desiredNodePoolId: 'web', desiredNodePoolAutoscaling: { enabled: true, maxNodeCount: 100 } },
            },
          },
        ],
        [
          'a cluster that may add accelerators',
          {
            method: 'google.container.v1.ClusterManager.UpdateCluster',
            request: {
              update: { desiredClusterAutoscaling: { resourceLimits: [{ resourceType: 'nvidia-l4', maximum: '16' }] } },
            },
          },
        ],
      ],
      misses: [
        [
          'a limit of a few nodes, as a change of the cluster',
          {
            method: 'google.container.v1.ClusterManager.UpdateCluster',
            request: {
              update: { desiredNodePoolId: 'web', desiredNodePoolAutoscaling: { enabled: true, maxNodeCount: 5 } },
            },
          },
        ],
        [
          'a cluster that may add a few processors',
          {
            method: 'google.container.v1.ClusterManager.UpdateCluster',
            request: {
              update: {
                desiredClusterAutoscaling: {
                  resourceLimits: [
                    { resourceType: 'cpu', maximum: '64' },
                    { resourceType: 'memory', maximum: '2000' },
                  ],
                },
              },
            },
          },
        ],
        [
          'another change of a cluster',
          {
            method: 'google.container.v1.ClusterManager.UpdateCluster',
            request: { update: { desiredLocations: ['a'] } },
          },
        ],
        [
          'a small cluster',
          {
            method: 'google.container.v1.ClusterManager.CreateCluster',
            request: { cluster: { nodePools: [{ initialNodeCount: 3, config: { machineType: 'e2-standard-4' } }] } },
          },
        ],
        [
          'a small pool',
          {
            request: {
              nodePool: {
                initialNodeCount: 3,
                config: { machineType: 'e2-standard-16' },
                autoscaling: { enabled: true, maxNodeCount: 10 },
              },
            },
          },
        ],
        [
          'the service of clusters',
          { principal: 'service-123456789012@container-engine-robot.iam.gserviceaccount.com' },
        ],
      ],
    },
  );
});
