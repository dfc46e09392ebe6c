import { clusterSecurityWeakened } from '../../../../shared/detection/rules/cluster-security-weakened.ts';
import { adminCases } from '../admin-cases.ts';

const networks = (...ranges: string[]): Record<string, unknown> => ({
  enabled: true,
  cidrBlocks: ranges.map((cidrBlock) => ({ displayName: 'office', cidrBlock })),
});
const endpoints = (authorizedNetworksConfig: unknown): Record<string, unknown> => ({
  desiredControlPlaneEndpointsConfig: { ipEndpointsConfig: { authorizedNetworksConfig } },
});

describe('cluster-security-weakened', () => {
  adminCases(
    clusterSecurityWeakened,
    {
      service: 'container.googleapis.com',
      method: 'google.container.v1.ClusterManager.UpdateCluster',
      resource: { type: 'gke_cluster', labels: { location: 'europe-west1', cluster_name: 'c1' } },
      request: { update: { desiredMasterAuthorizedNetworksConfig: {} } },
    },
    {
      fires: [
        [
          'the whole internet as a network that may call',
          { request: { update: { desiredMasterAuthorizedNetworksConfig: networks('0.0.0.0/0') } } },
        ],
        [
          'the same in halves, among others',
          {
            request: {
              update: { desiredMasterAuthorizedNetworksConfig: networks('10.0.0.0/8', '0.0.0.0/1', '128.0.0.0/1') },
            },
          },
        ],
        ['the same, as it is said now', { request: { update: endpoints(networks('0.0.0.0/0')) } }],
        ['networks that are not held to any more, as it is said now', { request: { update: endpoints({}) } }],
        [
          'Binary Authorization',
          { request: { update: { desiredBinaryAuthorization: { evaluationMode: 'DISABLED' } } } },
        ],
        ['logging', { request: { update: { desiredLoggingConfig: { componentConfig: {} } } } }],
        [
          'logging, as it was once',
          { method: 'google.container.v1.ClusterManager.SetLoggingService', request: { loggingService: 'none' } },
        ],
        [
          'monitoring, as it was once',
          { method: 'google.container.v1.ClusterManager.SetMonitoringService', request: { monitoringService: 'none' } },
        ],
        ['Workload Identity', { request: { update: { desiredWorkloadIdentityConfig: {} } } }],
        [
          'legacy authorization',
          { method: 'google.container.v1.ClusterManager.SetLegacyAbac', request: { enabled: true } },
        ],
        [
          'network policies',
          { method: 'google.container.v1.ClusterManager.SetNetworkPolicy', request: { networkPolicy: {} } },
        ],
        [
          'a public address',
          {
            request: {
              update: { desiredControlPlaneEndpointsConfig: { ipEndpointsConfig: { enablePublicEndpoint: true } } },
            },
          },
        ],
        ['a public address, as it was said once', { request: { update: { desiredEnablePrivateEndpoint: false } } }],
        [
          'tokens of the cluster from everywhere',
          {
            request: {
              update: { desiredControlPlaneEndpointsConfig: { dnsEndpointConfig: { enableK8sTokensViaDns: true } } },
            },
          },
        ],
        ['addresses of others', { request: { update: { desiredServiceExternalIpsConfig: { enabled: true } } } }],
        ['anonymous callers', { request: { update: { desiredAnonymousAuthenticationConfig: { mode: 'ENABLED' } } } }],
        [
          'roles for everybody',
          { request: { update: { desiredRbacBindingConfig: { enableInsecureBindingSystemAuthenticated: true } } } },
        ],
        [
          'the read-only port of kubelets',
          { request: { update: { desiredNodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: true } } } },
        ],
        ['monitoring', { request: { update: { desiredMonitoringConfig: { componentConfig: {} } } } }],
        ['the security posture', { request: { update: { desiredSecurityPostureConfig: { mode: 'DISABLED' } } } }],
        [
          'the identity of the node, for pods',
          {
            method: 'google.container.v1.ClusterManager.UpdateNodePool',
            request: { workloadMetadataConfig: { mode: 'GCE_METADATA' } },
          },
        ],
        [
          'the same port, of a node pool',
          {
            method: 'google.container.v1.ClusterManager.UpdateNodePool',
            request: { kubeletConfig: { insecureKubeletReadonlyPortEnabled: true } },
          },
        ],
        [
          'a policy that admits every image',
          {
            service: 'binaryauthorization.googleapis.com',
            method: 'google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1.UpdatePolicy',
            resource: { type: 'audited_resource' },
            request: { policy: { defaultAdmissionRule: { evaluationMode: 'ALWAYS_ALLOW' } } },
          },
        ],
        ['the dashboard', { request: { update: { desiredAddonsConfig: { kubernetesDashboard: {} } } } }],
        [
          'a password',
          { method: 'google.container.v1.ClusterManager.SetMasterAuth', request: { update: { username: 'admin' } } },
        ],
        [
          'a password that is made',
          { method: 'google.container.v1.ClusterManager.SetMasterAuth', request: { action: 'GENERATE_PASSWORD' } },
        ],
        [
          'a certificate',
          {
            method: 'google.container.v1.ClusterManager.SetMasterAuth',
            request: { update: { clientCertificateConfig: { issueClientCertificate: true } } },
          },
        ],
        [
          'a new node pool whose pods get the identity of the node',
          {
            method: 'google.container.v1.ClusterManager.CreateNodePool',
            request: { nodePool: { config: { workloadMetadataConfig: { mode: 'GCE_METADATA' } } } },
          },
        ],
      ],
      misses: [
        [
          'a new node pool',
          {
            method: 'google.container.v1.ClusterManager.CreateNodePool',
            request: { nodePool: { config: { workloadMetadataConfig: { mode: 'GKE_METADATA' } } } },
          },
        ],
        ['a private endpoint', { request: { update: { desiredEnablePrivateEndpoint: true } } }],
        [
          'a DNS endpoint that people reach with rights of IAM',
          {
            request: {
              update: { desiredControlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true } } },
            },
          },
        ],
        [
          'authorized networks that are set',
          { request: { update: { desiredMasterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [] } } } },
        ],
        [
          'an authorized network more',
          { request: { update: { desiredMasterAuthorizedNetworksConfig: networks('203.0.113.0/24') } } },
        ],
        ['authorized networks that are set, as it is said now', { request: { update: endpoints(networks()) } }],
        [
          'another change of the endpoints',
          { request: { update: { desiredControlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true } } } } },
        ],
        [
          'Binary Authorization that is turned on',
          {
            request: { update: { desiredBinaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' } } },
          },
        ],
        ['legacy authorization that ends', { method: 'google.container.v1.ClusterManager.SetLegacyAbac', request: {} }],
        [
          'a policy that asks for an attestation',
          {
            service: 'binaryauthorization.googleapis.com',
            method: 'google.cloud.binaryauthorization.v1.BinauthzManagementServiceV1.UpdatePolicy',
            request: {
              policy: {
                defaultAdmissionRule: {
                  evaluationMode: 'REQUIRE_ATTESTATION',
                  enforcementMode: 'ENFORCED_BLOCK_AND_AUDIT_LOG',
                },
              },
            },
          },
        ],
        [
          'managed Prometheus alone',
          { request: { update: { desiredMonitoringConfig: { managedPrometheusConfig: { enabled: true } } } } },
        ],
        [
          'a node pool that is labelled',
          { method: 'google.container.v1.ClusterManager.UpdateNodePool', request: { labels: { labels: { a: 'b' } } } },
        ],
        ['a new version', { request: { update: { desiredMasterVersion: '1.33' } } }],
        [
          'logging of something',
          {
            request: {
              update: { desiredLoggingConfig: { componentConfig: { enableComponents: ['SYSTEM_COMPONENTS'] } } },
            },
          },
        ],
      ],
    },
  );
});
