import { systemComponentLookalike } from '../../../../shared/detection/rules/system-component-lookalike.ts';
import { deployment, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const SPEC = podSpec({ image: 'docker.io/someone/tool:1' });
const BASE = {
  verb: 'create',
  group: 'apps',
  resource: 'daemonsets',
  namespace: 'kube-system',
  name: 'kube-proxy-x2',
  request: deployment(SPEC, { name: 'kube-proxy-x2' }),
};

describe('rule system-component-lookalike', () => {
  ruleCases(systemComponentLookalike, BASE, {
    fires: [
      ['among the pods of users', { namespace: 'default' }],
      ['by its whole name', { name: 'proxy-api' }],
      ['a pod of it', { resource: 'pods', group: 'core', name: 'proxy-api-7d9f4c6b8-x2x4z', request: pod(SPEC) }],
      [
        'a registry that only looks like the platform',
        { request: deployment(podSpec({ image: 'gke.gcr.io.example.com/kube-proxy' })) },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['an image of the platform', { request: deployment(podSpec({ image: 'registry.k8s.io/kube-proxy:v1.33.2' })) }],
      [
        'an image of GKE',
        {
          request: deployment(
            podSpec({ image: 'europe-west1-artifactregistry.gcr.io/gke-release/gke-release/kube-proxy:v1' }),
          ),
        },
      ],
      ['another name', { name: 'cart' }],
      [
        'a debugger in a component',
        {
          verb: 'patch',
          group: 'core',
          resource: 'pods',
          subresource: 'ephemeralcontainers',
          name: 'kube-dns-7d9f4c6b8-x2x4z',
          request: { spec: { ephemeralContainers: [{ name: 'debugger', image: 'docker.io/library/busybox' }] } },
        },
      ],
      ['an app that pauses something', { name: 'pause-subscriptions' }],
      ['the proxy of an API', { name: 'proxy-api-gateway' }],
      ['a name that goes on', { name: 'pauser' }],
      ['the platform itself', { principal: 'system:addon-manager' }],
    ],
  });
});
