import { strict as assert } from 'node:assert';
import { ALLOWED_PAIRS, isAllowedPair } from '../../../shared/detection/allowed-pairs.ts';
import { signalOf } from '../../fixtures/signals.ts';

const MAKER = 'system:serviceaccount:kube-system:replicaset-controller';
const PODS = { verb: 'create', resource: 'pods', namespace: 'shop' };

describe('expected pairs of principal and call', () => {
  it('allow a controller its own work', () => {
    assert.equal(isAllowedPair(signalOf({ ...PODS, principal: MAKER })), true);
  });

  const cases: Array<[string, Parameters<typeof signalOf>[0]]> = [
    ['another verb', { ...PODS, principal: MAKER, verb: 'delete' }],
    ['another resource', { ...PODS, principal: MAKER, resource: 'secrets' }],
    ['a subresource', { ...PODS, principal: MAKER, name: 'a', subresource: 'exec' }],
    ['another principal that begins like it', { ...PODS, principal: `${MAKER}-2` }],
    ['nobody', { ...PODS, principal: null }],
    ['a node, among the pods of users', { ...PODS, principal: 'system:node:n1' }],
    ['the user agent of a controller', { ...PODS, userAgent: 'kube-controller-manager/v1.33' }],
  ];
  for (const [what, parts] of cases) {
    it(`do not allow ${what}`, () => assert.equal(isAllowedPair(signalOf(parts)), false));
  }

  it('allow a node to report its static pods', () => {
    assert.equal(isAllowedPair(signalOf({ ...PODS, namespace: 'kube-system', principal: 'system:node:n1' })), true);
  });

  it('exempt no principal from everything', () => {
    for (const pair of ALLOWED_PAIRS) {
      assert.match(pair.principal, /^(system:[a-z:-]+\*?|(gcp:)?kube[a-z-]*-bootstrap)$/);
      assert.doesNotMatch(pair.resource, /\*|exec|attach|proxy/);
      assert.ok(pair.verbs.length > 0 && !pair.verbs.includes('*'));
      if (pair.resource === 'core/secrets') assert.doesNotMatch(pair.verbs.join(), /get|create|update|patch/);
    }
  });
});
