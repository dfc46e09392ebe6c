import { strict as assert } from 'node:assert';
import { ephemeralContainer } from '../../../../shared/detection/rules/ephemeral-container.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'patch',
  resource: 'pods',
  subresource: 'ephemeralcontainers',
  namespace: 'shop',
  name: 'cart-0',
  request: {
    '@type': 'k8s.io/Patch',
    spec: { ephemeralContainers: [{ name: 'debugger-x2', image: 'busybox', targetContainerName: 'app' }] },
  },
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule ephemeral-container', () => {
  ruleCases(ephemeralContainer, BASE, {
    fires: [
      ['on the pod', {}, { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-0' } }],
      ['a whole list', { verb: 'update' }],
      ['without a body', { request: undefined }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.5 }],
    ],
    misses: [
      ['read', { verb: 'get' }],
      ['the pod itself', { subresource: undefined }],
      ['the state of the pod', { subresource: 'status' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });

  it('names the image of the container', () => {
    assert.equal(firedBy(ephemeralContainer, BASE).because[1], 'it runs "busybox"');
  });
});
