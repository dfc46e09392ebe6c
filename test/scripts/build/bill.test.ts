import { strict as assert } from 'node:assert';
import { billOf } from '../../../scripts/build/bill.ts';

const subject = { name: 'firebreak-decide', version: '0.1.0', license: 'Apache-2.0' };
const zod = { path: 'node_modules/zod', name: 'zod', version: '4.6.7', license: 'MIT' };

describe('billOf', () => {
  it('names each package by its address, sorted, once in each version', () => {
    const scoped = { path: 'node_modules/@s/a', name: '@s/a', version: '1.0.0', license: '(MIT OR ISC)' };
    const inner = { ...zod, path: 'node_modules/@s/a/node_modules/zod' };
    const { components } = Object(billOf(subject, [zod, scoped, inner]));
    assert.deepEqual(components, [
      {
        'bom-ref': 'pkg:npm/%40s/a@1.0.0',
        type: 'library',
        name: '@s/a',
        version: '1.0.0',
        licenses: [{ expression: '(MIT OR ISC)' }],
        purl: 'pkg:npm/%40s/a@1.0.0',
      },
      {
        'bom-ref': 'pkg:npm/zod@4.6.7',
        type: 'library',
        name: 'zod',
        version: '4.6.7',
        licenses: [{ expression: 'MIT' }],
        purl: 'pkg:npm/zod@4.6.7',
      },
    ]);
  });

  it('says what it is the bill of, and nothing that another build would say otherwise', () => {
    const { components, ...head } = Object(billOf(subject, [zod]));
    assert.equal(components.length, 1);
    assert.deepEqual(head, {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        component: {
          type: 'application',
          name: 'firebreak-decide',
          version: '0.1.0',
          licenses: [{ expression: 'Apache-2.0' }],
        },
      },
    });
  });
});
