import { strict as assert } from 'node:assert';
import { placeText, targetText } from '../../../shared/views/target.ts';

const place = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('targets in words', () => {
  it('names the narrowest part of a target', () => {
    const shop = { ...place, namespace: 'shop' };
    assert.deepEqual(
      [
        { ...shop, pod: 'cart-7d9f', workload: { kind: 'Deployment', name: 'cart' } },
        { ...shop, workload: { kind: 'Deployment', name: 'cart' } },
        { ...place, node: 'gke-c1-a', instance: '12' },
        { project: 'p1', instance: '12' },
        shop,
        { ...place, principal: 'ana@example.com' },
        { project: 'p1', principal: 'ana@example.com' },
      ].map(targetText),
      [
        'pod shop/cart-7d9f',
        'Deployment shop/cart',
        'node gke-c1-a',
        'instance 12',
        'namespace shop',
        'cluster c1 (ana@example.com)',
        'project p1 (ana@example.com)',
      ],
    );
  });

  it('names the place as far as it is known', () => {
    assert.deepEqual([place, { project: 'p1' }].map(placeText), ['p1/europe-west1/c1', 'p1']);
  });
});
