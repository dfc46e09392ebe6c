import { strict as assert } from 'node:assert';
import { routeOf } from '../../../../local/world/kubernetes/route.ts';

describe('local/world/kubernetes/route', () => {
  const cases: Array<[string, string, string, string?]> = [
    ['GET /api/v1', 'GET', '/api/v1'],
    ['GET /apis/apps/v1', 'GET', '/apis/apps/v1'],
    ['GET /apis', 'GET', '/apis'],
    ['GET /api/v1/pods', 'GET', '/api/v1/pods'],
    ['GET /api/v1/nodes/{name}', 'GET', '/api/v1/nodes/n1'],
    ['POST /api/v1/namespaces', 'POST', '/api/v1/namespaces'],
    ['GET /api/v1/namespaces/{name}', 'GET', '/api/v1/namespaces/shop'],
    [
      'PATCH merge /api/v1/namespaces/{name}/status',
      'PATCH',
      '/api/v1/namespaces/shop/status',
      'application/merge-patch+json',
    ],
    ['GET /api/v1/namespaces/{namespace}/pods', 'GET', '/api/v1/namespaces/shop/pods'],
    ['GET /api/v1/namespaces/{namespace}/pods/{name}/log', 'GET', '/api/v1/namespaces/shop/pods/cart/log'],
    [
      'PATCH strategic /apis/apps/v1/namespaces/{namespace}/deployments/{name}',
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/cart',
      'application/strategic-merge-patch+json; charset=utf-8',
    ],
    ['GET /apis/networking.k8s.io/v1', 'GET', '/apis/networking.k8s.io/v1'],
    ['GET /apis/{group}/{version}', 'GET', '/apis/argoproj.io/v1alpha1'],
    ['GET /apis/{group}/{version}/{plural}', 'GET', '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies'],
    [
      'DELETE /apis/{group}/{version}/namespaces/{namespace}/{plural}/{name}',
      'DELETE',
      '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart',
    ],
  ];
  for (const [route, method, path, contentType] of cases)
    it(`recognises ${method} ${path}`, () => {
      assert.equal(routeOf({ method, path, ...(contentType === undefined ? {} : { contentType }) }), route);
    });
  it('recognises no patch without a known content type', () => {
    assert.equal(routeOf({ method: 'PATCH', path: '/api/v1/nodes/n1' }), undefined);
    assert.equal(routeOf({ method: 'PATCH', path: '/api/v1/nodes/n1', contentType: 'application/json' }), undefined);
  });
});
