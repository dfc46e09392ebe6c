import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { callOf, callOfUri, resourceOf } from '../../../shared/kubernetes/call.ts';

/** The fields that every call has, with no value. */
const ABSENT = { subresource: undefined, rest: undefined, namespace: undefined, name: undefined };

describe('the call of an audit entry', () => {
  const cases: Array<[string, string, Record<string, string>]> = [
    [
      'core/v1/namespaces/shop/pods/cart-0/exec',
      'io.k8s.core.v1.pods.exec.create',
      { resource: 'pods', verb: 'create', namespace: 'shop', name: 'cart-0', subresource: 'exec' },
    ],
    // A create call for which the server makes the name.
    [
      'core/v1/namespaces/shop/pods',
      'io.k8s.core.v1.pods.create',
      { resource: 'pods', verb: 'create', namespace: 'shop' },
    ],
    // The Namespace object itself, a subresource of it, and a list.
    [
      'core/v1/namespaces/shop',
      'io.k8s.core.v1.namespaces.patch',
      { resource: 'namespaces', verb: 'patch', name: 'shop' },
    ],
    [
      'core/v1/namespaces/shop/finalize',
      'io.k8s.core.v1.namespaces.finalize.update',
      { resource: 'namespaces', verb: 'update', name: 'shop', subresource: 'finalize' },
    ],
    ['core/v1/namespaces', 'io.k8s.core.v1.namespaces.list', { resource: 'namespaces', verb: 'list' }],
    [
      'core/v1/nodes/gke-c1-a/proxy/run/shop/cart-0/app',
      'io.k8s.core.v1.nodes.proxy.get',
      { resource: 'nodes', verb: 'get', name: 'gke-c1-a', subresource: 'proxy', rest: 'run/shop/cart-0/app' },
    ],
    [
      'apps/v1/namespaces/shop/deployments/cart/scale',
      'io.k8s.apps.v1.deployments.scale.update',
      { group: 'apps', resource: 'deployments', verb: 'update', namespace: 'shop', name: 'cart', subresource: 'scale' },
    ],
    // The method writes the group of RBAC in another order. Only its last word counts.
    [
      'rbac.authorization.k8s.io/v1/clusterrolebindings/ops',
      'io.k8s.authorization.rbac.v1.clusterrolebindings.create',
      { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', verb: 'create', name: 'ops' },
    ],
    [
      'example.com/v1alpha1/namespaces/shop/things/one',
      'com.example.v1alpha1.things.delete',
      { group: 'example.com', version: 'v1alpha1', resource: 'things', verb: 'delete', namespace: 'shop', name: 'one' },
    ],
  ];
  for (const [resourceName, method, expected] of cases) {
    it(`is read from ${resourceName}`, () => {
      assert.deepEqual(callOf(resourceName, method), { ...ABSENT, group: 'core', version: 'v1', ...expected });
    });
  }

  for (const path of ['readyz', 'api/v1', 'HNAP1', 'core/templates/preview', '/', 'core', 'core/v1', 'core/v1/']) {
    it(`is undefined for ${path}`, () => assert.equal(callOf(path, 'io.k8s.get'), undefined));
  }

  it('is read from the method if there is no resource name', () => {
    assert.deepEqual(callOf(undefined, 'io.k8s.core.v1.pods.exec.create'), {
      ...ABSENT,
      group: 'core',
      version: 'v1',
      resource: 'pods',
      subresource: 'exec',
      verb: 'create',
    });
    assert.equal(callOf(undefined, 'io.k8s.readyz'), undefined);
    assert.equal(callOf(undefined, 'create'), undefined);
    assert.equal(callOf(undefined, 'io.v1.pods.create'), undefined, 'there is no group');
    assert.equal(callOf(undefined, 'io.k8s.core.v1.create'), undefined, 'there is no resource');
    assert.equal(callOf('', 'io.k8s.core.v1.pods.create')?.resource, 'pods');
    const dotted = callOf(undefined, 'io.k8s.authorization.rbac.v1beta1.roles.create');
    assert.deepEqual([dotted?.group, dotted?.version], ['authorization.rbac', 'v1beta1']);
  });

  it('is undefined where the last word of the method is no verb', () => {
    for (const method of ['io.k8s.core.v1.pods.a/b', 'io.k8s.core.v1.pods.', `x.${'a'.repeat(33)}`, ''])
      assert.equal(callOf('core/v1/namespaces/shop/pods/cart-0', method), undefined, method);
    assert.equal(callOf('core/v1/nodes/n', 'io.k8s.core.v1.nodes.DeleteCollection')?.verb, 'deletecollection');
  });

  it('consists of plain words or is undefined, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), (resourceName, method) => {
        const call = callOf(resourceName, method);
        if (call !== undefined) assert.match(call.verb, /^[a-z]{1,32}$/);
      }),
    );
  });
});

describe('the call of a request to the API server', () => {
  it('is read from its URI', () => {
    const exec = callOfUri('/api/v1/namespaces/shop/pods/cart-0/exec?command=sh&stdin=true', 'get');
    assert.deepEqual(exec, {
      ...ABSENT,
      group: 'core',
      version: 'v1',
      resource: 'pods',
      verb: 'get',
      namespace: 'shop',
      name: 'cart-0',
      subresource: 'exec',
    });
    const update = callOfUri('/apis/apps/v1/namespaces/shop/deployments/cart', 'UPDATE');
    assert.equal(callOfUri('/api/v1/pods', '../get'), undefined, 'a verb that is none');
    assert.equal(update?.group, 'apps');
    assert.equal(update?.verb, 'update');
  });

  it('is undefined if the URI is of no resource', () => {
    for (const uri of [
      '/healthz',
      '/api',
      '/apis/apps',
      '/version?x=/api/v1/pods',
      '',
      '%',
      '/api/v1',
      '/apix/v1/pods',
      '/api/1/pods',
      '/apis/apps/1/pods',
      '/logs/v1/v1/pods',
    ]) {
      assert.equal(callOfUri(uri, 'get'), undefined, uri);
    }
  });
});

describe('the name of a resource', () => {
  it('contains group and subresource', () => {
    const base = { group: 'core', version: 'v1', resource: 'pods', verb: 'get' };
    assert.equal(resourceOf(base), 'core/pods');
    assert.equal(resourceOf({ ...base, subresource: 'exec' }), 'core/pods/exec');
  });
});
