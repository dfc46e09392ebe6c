import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { clusterOf, sameCluster, target } from '../../../shared/model/target.ts';

const C1 = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('model/target', () => {
  it('names a cluster only with its project, location and name', () => {
    assert.deepEqual(clusterOf({ ...C1, namespace: 'shop', pod: 'cart' }), C1);
    assert.equal(clusterOf({ project: 'p1', cluster: 'c1' }), undefined);
    assert.equal(clusterOf({ project: 'p1', location: 'europe-west1' }), undefined);
  });

  it('is on the same cluster only where all three are the same', () => {
    assert.equal(sameCluster(C1, { ...C1 }), true);
    for (const other of [{ project: 'p2' }, { location: 'europe-west2' }, { cluster: 'c2' }])
      assert.equal(sameCluster(C1, { ...C1, ...other }), false, JSON.stringify(other));
  });

  it('takes no name that could be more than a name, in any field, and no unknown field', () => {
    const whole = {
      ...C1,
      namespace: 'shop',
      pod: 'cart-7d9f',
      workload: { kind: 'Deployment', name: 'cart' },
      node: 'gke-c1-a',
      instance: '1234567890123456789',
      principal: 'ana@example.com',
      uid: '0f0f0f0f-1111-4222-8333-444455556666',
    };
    assert.deepEqual(target.parse(whole), whole);
    for (const field of Object.keys(whole))
      for (const bad of ['', 'a b', 'a;id', '$(id)', 'a\n', '../a', 'A_b"', 7])
        assert.equal(target.safeParse({ ...whole, [field]: bad }).success, false, `${field} ${JSON.stringify(bad)}`);
    for (const workload of [{ kind: 'deployment;', name: 'cart' }, { kind: 'Deployment', name: '../cart' }, {}])
      assert.equal(target.safeParse({ ...whole, workload }).success, false);
    assert.equal(target.safeParse({ ...whole, zone: 'europe-west1-b' }).success, false);
    assert.equal(target.safeParse({ location: 'europe-west1' }).success, false);
  });
});
