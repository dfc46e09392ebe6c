import { strict as assert } from 'node:assert';
import { type Calls, filterOf, fits } from '../../../shared/detection/calls.ts';
import { signalOf } from '../../fixtures/signals.ts';

const PODS: Calls = { resources: ['core/pods', 'core/pods/exec'], verbs: ['create'] };
const CREATE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-0' };
const MAKER = 'system:serviceaccount:kube-system:replicaset-controller';

describe('a selection of calls', () => {
  const cases: Array<[string, boolean, Calls, Parameters<typeof signalOf>[0]]> = [
    ['the call', true, PODS, CREATE],
    ['its subresource', true, PODS, { ...CREATE, subresource: 'exec' }],
    ['another subresource', false, PODS, { ...CREATE, subresource: 'attach' }],
    ['another verb', false, PODS, { ...CREATE, verb: 'patch' }],
    ['another group', false, PODS, { ...CREATE, group: 'example.com' }],
    ['its namespace', true, { ...PODS, namespace: 'shop' }, CREATE],
    ['another namespace', false, { ...PODS, namespace: 'kube-system' }, CREATE],
    ['a name', true, { ...PODS, names: ['cart-0'] }, CREATE],
    ['the beginning of a name', true, { ...PODS, names: ['cart*'] }, CREATE],
    ['another name', false, { ...PODS, names: ['cart'] }, CREATE],
    ['no name', false, { ...PODS, names: ['cart'] }, { ...CREATE, name: undefined }],
    ["a principal's job", false, PODS, { ...CREATE, principal: MAKER }],
    ["a principal's job, asked for", true, { ...PODS, expected: 'everywhere' }, { ...CREATE, principal: MAKER }],
    ['the same among users', true, { ...PODS, expected: 'among-users' }, { ...CREATE, principal: MAKER }],
    [
      'the same in a system namespace',
      false,
      { ...PODS, expected: 'among-users' },
      { ...CREATE, principal: MAKER, namespace: 'kube-system' },
    ],
    [
      'what is nobody’s job in a system namespace',
      true,
      { ...PODS, expected: 'among-users' },
      { ...CREATE, namespace: 'kube-system' },
    ],
  ];
  for (const [what, expected, calls, parts] of cases) {
    it(`${expected ? 'contains' : 'does not contain'} ${what}`, () =>
      assert.equal(fits([calls], signalOf(parts)), expected));
  }

  it('makes a fragment of a filter that ignores API groups', () => {
    assert.equal(
      filterOf([
        { resources: ['core/pods', 'core/pods/exec'], verbs: ['create'], expected: 'everywhere' },
        { resources: ['rbac.authorization.k8s.io/roles'], verbs: ['update', 'delete'] },
      ]),
      'protoPayload.methodName=~"[.](pods|pods[.]exec)[.]create$" OR protoPayload.methodName=~"[.]roles[.](delete|update)$"',
    );
  });

  it('makes a filter that leaves out expected principals and other objects', () => {
    assert.equal(
      filterOf([{ resources: ['core/serviceaccounts/token', 'core/pods/exec'], verbs: ['create'] }]),
      '(protoPayload.methodName=~"[.]serviceaccounts[.]token[.]create$" AND NOT protoPayload.authenticationInfo.principalEmail=~"^(system:kube-controller-manager$|system:node:)") OR protoPayload.methodName=~"[.]pods[.]exec[.]create$"',
    );
    assert.equal(
      filterOf([
        { resources: ['core/configmaps'], verbs: ['patch'], namespace: 'kube-system', names: ['a.b', 'core*'] },
      ]),
      'protoPayload.methodName=~"[.]configmaps[.]patch$" AND protoPayload.resourceName=~"/namespaces/kube-system/configmaps/(a[.]b(/|$)|core)"',
    );
  });
});
