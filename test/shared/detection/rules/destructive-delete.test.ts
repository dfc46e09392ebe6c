import { destructiveDelete } from '../../../../shared/detection/rules/destructive-delete.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'delete', resource: 'namespaces', name: 'shop' };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule destructive-delete', () => {
  ruleCases(destructiveDelete, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['a workload', { group: 'apps', resource: 'statefulsets', namespace: 'shop', name: 'db' }],
      ['an agent of every node', { group: 'apps', resource: 'daemonsets', namespace: 'falco', name: 'falco' }],
      [
        'all volumes',
        { verb: 'deletecollection', resource: 'persistentvolumeclaims', namespace: 'shop', name: undefined },
      ],
      ['with options', { request: { kind: 'DeleteOptions', propagationPolicy: 'Background', dryRun: [] } }],
      ['refused', { code: 7 }, { confidence: 0.25 }],
    ],
    misses: [
      ['a pod, which comes back', { resource: 'pods', namespace: 'shop', name: 'cart-0' }],
      ['the end of a namespace', { subresource: 'finalize', verb: 'update' }],
      [
        'with its namespace',
        {
          verb: 'deletecollection',
          group: 'apps',
          resource: 'deployments',
          namespace: 'shop',
          name: undefined,
          principal: 'system:serviceaccount:kube-system:namespace-controller',
        },
      ],
      ['not there', { code: 5 }],
      ['as a dry run', { request: { kind: 'DeleteOptions', dryRun: ['All'] } }],
    ],
  });
});
