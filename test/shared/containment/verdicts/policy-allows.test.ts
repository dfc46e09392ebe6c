import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { policiesThatAllow, selectorMatches } from '../../../../shared/containment/verdicts/policy-allows.ts';
import { kubeObject } from './objects.ts';

const policy = (name: string, spec: object) => kubeObject('NetworkPolicy', { name }, spec);
const quarantined = { quarantine: 'true' };

describe('containment/verdicts/policy-allows', () => {
  it('matches selectors as Kubernetes does', () => {
    const labels = { app: 'cart', tier: 'web' };
    const cases: Array<[unknown, boolean]> = [
      [{}, true],
      [{ matchLabels: { app: 'cart' } }, true],
      [{ matchLabels: { app: 'ledger' } }, false],
      [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', 'x'] }] }, true],
      [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['cart'] }] }, false],
      [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['cart'] }] }, true],
      [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
      [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
      [{ matchLabels: { app: 'cart' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
    ];
    for (const [selector, matches] of cases)
      assert.equal(selectorMatches(selector, labels), matches, JSON.stringify(selector));
  });

  it('treats a policy that it cannot read as allowing, so that it never claims an isolation that may not hold', () => {
    assert.equal(selectorMatches({ matchExpressions: [{ key: 'app', operator: 'Like' }] }, {}), true);
    assert.deepEqual(policiesThatAllow([policy('odd', { podSelector: 'all' })], quarantined), ['odd']);
  });

  it('names a policy that allows traffic in either direction', () => {
    for (const way of [{ ingress: [{}] }, { egress: [{}] }])
      assert.deepEqual(policiesThatAllow([policy('any', { podSelector: {}, ...way })], quarantined), ['any']);
    assert.deepEqual(
      policiesThatAllow([policy('none', { podSelector: {}, ingress: [], egress: [] })], quarantined),
      [],
    );
  });

  it('names a policy that selects the pod and allows something, but no deny-all policy', () => {
    const found = policiesThatAllow(
      [
        policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
        policy('dns', { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
        policy('cart', { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{}] }),
      ],
      quarantined,
    );
    assert.deepEqual(found, ['dns']);
  });

  it('never finds less when policies are added', () => {
    const any = fc
      .record({ empty: fc.boolean(), allows: fc.boolean() })
      .map(({ empty, allows }) =>
        policy('p', { podSelector: empty ? {} : { matchLabels: { app: 'x' } }, ...(allows ? { ingress: [{}] } : {}) }),
      );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), fc.array(any, { maxLength: 5 }), (some, more) => {
        const fewer = policiesThatAllow(some, quarantined);
        assert.deepEqual(policiesThatAllow([...some, ...more], quarantined).slice(0, fewer.length), fewer);
      }),
    );
  });
});
