import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../../local/scenarios/audit-entry.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { anonymousRequest } from '../../../../shared/detection/rules/anonymous-request.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'list',
  resource: 'pods',
  namespace: 'shop',
  log: 'data_access' as const,
  principal: 'system:anonymous',
};

/** The number of findings for a request to a path that is no resource. */
const onPath = (resourceName: string): number => {
  const entry = auditEntry(BASE);
  const protoPayload = { ...Object(entry.protoPayload), methodName: 'io.k8s.get', resourceName };
  return evaluate(signalOfPayload({ ...entry, protoPayload }), NOW, [anonymousRequest]).length;
};

describe('rule anonymous-request', () => {
  ruleCases(anonymousRequest, BASE, {
    fires: [
      ['by the group', { principal: 'system:unauthenticated' }],
      ['one object', { verb: 'get', resource: 'configmaps', name: 'a' }],
    ],
    misses: [
      ['a named caller', { principal: 'ana@example.com' }],
      ['nobody at all', { principal: null }],
      ['refused', { code: 7 }],
      ['not let in', { code: 16 }],
      ['a change, which is seen elsewhere', { verb: 'create' }],
      ['an exec, which is seen elsewhere', { verb: 'get', subresource: 'exec', name: 'cart-0' }],
    ],
  });

  it('does not fire on public paths', () => {
    for (const path of [
      'readyz',
      'livez',
      'healthz/etcd',
      'version',
      'api/v1',
      'apis',
      '.well-known/openid-configuration',
    ])
      assert.equal(onPath(path), 0, path);
    for (const path of ['metrics', 'logs', 'readyzx', 'debug/pprof']) assert.equal(onPath(path), 1, path);
  });
});
