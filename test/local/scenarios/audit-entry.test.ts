import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { at } from '../../../shared/kubernetes/loose.ts';

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };

describe('the builder of audit entries', () => {
  it('writes what GKE writes', () => {
    const entry = auditEntry({ ...EXEC, at: '2026-03-02T10:15:30.250Z' });
    assert.equal(entry.severity, undefined);
    assert.equal(entry.timestamp, '2026-03-02T10:15:30.250000Z');
    assert.equal(entry.receiveTimestamp, '2026-03-02T10:15:30.250000000Z');
    assert.equal(at(entry, 'operation', 'id'), entry.insertId);
    assert.equal(at(entry, 'protoPayload', 'methodName'), 'io.k8s.core.v1.pods.exec.create');
    assert.equal(at(entry, 'protoPayload', 'resourceName'), 'core/v1/namespaces/shop/pods/cart-0/exec');
  });

  it("writes RBAC's group as the method has it", () => {
    const entry = auditEntry({
      verb: 'create',
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterroles',
      name: 'r',
    });
    assert.equal(at(entry, 'protoPayload', 'methodName'), 'io.k8s.authorization.rbac.v1.clusterroles.create');
    assert.equal(at(entry, 'protoPayload', 'resourceName'), 'rbac.authorization.k8s.io/v1/clusterroles/r');
  });

  it('leaves out what a refused call lacks: the labels if unauthenticated, the grant if unauthorised', () => {
    assert.equal(auditEntry({ ...EXEC, code: 16, principal: null }).labels, undefined);
    const refused = auditEntry({ ...EXEC, code: 7 });
    assert.equal(at(refused, 'labels', 'authorization.k8s.io/decision'), 'forbid');
    assert.doesNotMatch(JSON.stringify(refused), /"granted"/);
  });

  it('writes the same entry for the same input', () => {
    assert.deepEqual(auditEntry(EXEC), auditEntry(EXEC));
    assert.notEqual(auditEntry(EXEC).insertId, auditEntry({ ...EXEC, name: 'cart-1' }).insertId);
  });
});
