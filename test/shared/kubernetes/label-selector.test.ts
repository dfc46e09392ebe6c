import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { selects } from '../../../shared/kubernetes/label-selector.ts';

describe('kubernetes/label-selector', () => {
  it('selects what a controller would select, and nothing for an empty or unreadable selector', () => {
    const labels = { app: 'cart', tier: 'web' };
    const cases: Array<[unknown, boolean]> = [
      [{ matchLabels: { app: 'cart' } }, true],
      [{ matchLabels: { app: 'cart', tier: 'db' } }, false],
      [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }] }, true],
      [{ matchLabels: { app: 'cart' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
      [{}, false],
      [{ matchLabels: {}, matchExpressions: [] }, false],
      [{ matchExpressions: [{ key: 'app', operator: 'Like' }] }, false],
      [undefined, false],
      ['app=cart', false],
    ];
    for (const [selector, taken] of cases) assert.equal(selects(selector, labels), taken, JSON.stringify(selector));
    assert.equal(selects({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, {}), true);
  });

  it('takes a label that every JavaScript object seems to have for one that is not there', () => {
    const on = (operator: string) => ({ matchExpressions: [{ key: 'constructor', operator }] });
    assert.equal(selects(on('DoesNotExist'), { app: 'cart' }), true);
    assert.equal(selects(on('Exists'), { app: 'cart' }), false);
    assert.equal(selects(on('Exists'), { constructor: 'cart' }), true);
  });
});
