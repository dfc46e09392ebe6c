import { strict as assert } from 'node:assert';
import { BINDING_WRITES, type Binding, bindingOf } from '../../../shared/detection/binding.ts';
import { fits } from '../../../shared/detection/calls.ts';
import { signalOf } from '../../fixtures/signals.ts';

const GROUP = 'rbac.authorization.k8s.io';
const BASE = { verb: 'create', group: GROUP, resource: 'clusterrolebindings', name: 'ops' };
const role = (name: string): Record<string, unknown> => ({ roleRef: { kind: 'ClusterRole', name } });

const written = (parts: Parameters<typeof signalOf>[0]): Binding | undefined => {
  const signal = signalOf(parts);
  assert.ok(fits([BINDING_WRITES], signal));
  return bindingOf(signal);
};

describe('the binding that a call writes', () => {
  it('has the role and subjects of the request, or else of the response', () => {
    const request = { ...role('view'), subjects: [{ kind: 'User', name: 'a' }] };
    const response = { ...role('edit'), subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'cart' }] };
    const asked = written({ ...BASE, request, response });
    assert.deepEqual(asked, { role: 'view', admin: false, wide: true, subjects: ['a'], reach: 'named' });
    const answered = written({ ...BASE, response });
    assert.deepEqual(answered?.subjects, ['system:serviceaccount:shop:cart']);
  });

  it('is unknown if neither names the role', () => {
    assert.equal(written({ ...BASE, request: { subjects: [] } }), undefined);
    assert.equal(written({ ...BASE, verb: 'patch', request: { patch: [] } }), undefined);
  });

  it('counts without its role if everybody gets it', () => {
    const request = { subjects: [{ kind: 'Group', name: 'system:unauthenticated' }] };
    const found = written({ ...BASE, verb: 'patch', request, code: 7 });
    assert.deepEqual([found?.role, found?.admin, found?.reach], [undefined, false, 'anonymous']);
  });

  it('is read from the response if the patch does not show what it changes', () => {
    const response = { ...role('cluster-admin'), subjects: [{ kind: 'User', name: 'a' }] };
    assert.equal(written({ ...BASE, verb: 'patch', response })?.admin, true);
    assert.equal(written({ ...BASE, verb: 'patch', request: { metadata: {} }, response }), undefined);
  });

  it('is read from the response if operations change it, and not if they change something else', () => {
    const response = { ...role('cluster-admin'), subjects: [{ kind: 'User', name: 'a' }] };
    const by = (path: string): unknown =>
      written({ ...BASE, verb: 'patch', request: { patch: [{ op: 'add', path, value: {} }] }, response })?.admin;
    for (const path of ['/subjects/-', '/subjects', '/roleRef/name', '']) assert.equal(by(path), true, path);
    for (const path of ['/metadata/labels/a', '/metadata']) assert.equal(by(path), undefined, path);
  });
});
