import { secretChanged } from '../../../../shared/detection/rules/secret-changed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'update', resource: 'secrets', namespace: 'shop', name: 'db' };

describe('rule secret-changed', () => {
  ruleCases(secretChanged, BASE, {
    fires: [
      ['deleted', { verb: 'delete' }],
      ['by a workload from elsewhere', { principal: 'system:serviceaccount:mail:sender' }],
      ['refused', { code: 7 }, { confidence: 0.2 }],
    ],
    misses: [
      ['read', { verb: 'get' }],
      ['by CI', { principal: 'deployer@p1.iam.gserviceaccount.com' }],
      ['by a deployer in the cluster', { principal: 'system:serviceaccount:flux-system:helm-controller' }],
      ['at home', { principal: 'system:serviceaccount:shop:operator' }],
      [
        'with its namespace',
        { verb: 'deletecollection', principal: 'system:serviceaccount:kube-system:namespace-controller' },
      ],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
